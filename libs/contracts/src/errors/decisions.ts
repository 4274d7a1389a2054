import { entry, type ErrorEntry } from './error-entry.js'

/** Errors of what is fitted for decisions, and of what is decided with it. */
export const decisionErrors = {
  CALIBRATION_REFUSED: entry(
    422,
    false,
    ['The calibration cannot be fitted on these labels', '无法用这些标注拟合校准'],
    ['Correct what `detail` names; it says the number that would do', '请按 detail 的说明更正，其中给出所需数量'],
  ),
  CALIBRATION_PACK_DIFFERS: entry(
    409,
    false,
    ['The calibration is of the scores of a pack that is not in force', '该校准对应的模型包未生效'],
    ['Fit a calibration for the pack in force', '请为当前模型包重新拟合校准'],
  ),
  DECISION_INPUT_INVALID: entry(
    422,
    false,
    ['A number or a label given for a decision is outside its range', '用于判定的数值或标签超出取值范围'],
    ['Correct the value named in `detail`', '请更正 detail 中所述的值'],
  ),
  POLICY_CONFLICT: entry(
    409,
    false,
    ['Another policy is in force than the request says', '生效中的策略与请求不符'],
    ['Read the policy in force, compare, and send its name', '请查询当前策略，确认后填入其名称'],
  ),
  POLICY_NOT_REPLAYED: entry(
    409,
    false,
    ['The policy was never replayed', '策略尚未回放'],
    ['Replay it first, and look at what it would change', '请先回放并查看变化'],
  ),
  POLICY_PACK_DIFFERS: entry(
    409,
    false,
    ['The policy decides on the scores of a pack that is not in force', '策略对应的模型包未生效'],
    ['Draft a policy for the pack in force', '请为当前模型包起草策略'],
  ),
  POLICY_NOTHING_TO_REPLAY: entry(
    409,
    false,
    ['No scores are kept that the policy could be tried on', '没有可供回放的分数'],
    ['Tag contents with the pack of the policy first', '请先用该策略的模型包处理内容'],
  ),
  TARGET_UNPROVEN: entry(
    409,
    false,
    ['No target can be proven on the truth that is there', '现有真值无法证明任何目标'],
    ['Add as many labels as `detail` says, or ask for less', '请按 detail 补充标注，或放宽目标'],
  ),
} as const satisfies Record<string, ErrorEntry>
