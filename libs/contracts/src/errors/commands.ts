import { entry, type ErrorEntry } from './error-entry.js'

/** Errors of what was typed on the command line, and of the files that it names. */
export const commandErrors = {
  ARGUMENT_INVALID: entry(
    400,
    false,
    ['The command was given an argument that it does not take', '命令参数无效'],
    [
      'Correct what `detail` names; `--help` behind a command shows examples',
      '请更正 detail 所述参数；--help 可查看示例',
    ],
  ),
  FILE_UNREADABLE: entry(
    422,
    false,
    ['A file that the command was given cannot be read', '命令所给的文件无法读取'],
    ['Correct what `detail` names', '请更正 detail 所述之处'],
  ),
} as const satisfies Record<string, ErrorEntry>
