import { entry, type ErrorEntry } from './error-entry.js'

/** Errors of what is fitted for decisions. */
export const decisionErrors = {
  CALIBRATION_REFUSED: entry(
    422,
    false,
    ['The calibration cannot be fitted on these labels', '无法用这些标注拟合校准'],
    ['Correct what `faults` lists; each names the number that would do', '请按 faults 的说明更正，其中给出所需数量'],
  ),
} as const satisfies Record<string, ErrorEntry>
