/** Two texts that read the same: width, case and blanks aside. */
export const normalise = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
