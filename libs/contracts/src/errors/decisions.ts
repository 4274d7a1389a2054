import { entry, type ErrorEntry } from './error-entry.js'

/** Errors of what is fitted for decisions, and of what is decided with it. */
export const decisionErrors = {
  CALIBRATION_REFUSED: entry(
    422,
    false,
    ['The calibration cannot be fitted on these labels', '无法用这些标注拟合校准'],
    ['Correct what `faults` lists; each names the number that would do', '请按 faults 的说明更正，其中给出所需数量'],
  ),
  DECISION_INPUT_INVALID: entry(
    422,
    false,
    ['A number or a label given for a decision is outside its range', '用于判定的数值或标签超出取值范围'],
    ['Correct the value named in `detail`', '请更正 detail 中所述的值'],
  ),
} as const satisfies Record<string, ErrorEntry>
