import { entry, type ErrorEntry } from './error-entry.js'

/** Errors for which a verdict is refused. */
export const reviewErrors = {
  CLAIM_LOST: entry(
    409,
    false,
    ['The item is not yours any more', '该审核项已不归您持有'],
    ['Claim items again; what you typed is kept as a draft', '请重新领取；已输入的内容保留为草稿'],
  ),
  ITEM_SUPERSEDED: entry(
    409,
    false,
    ['The content has a newer result than the one under review', '该内容已有更新的结果'],
    [
      'Go on with the next item; the newer result has an item of its own if it needs one',
      '请继续下一项；新结果如需审核会另建审核项',
    ],
  ),
  VERDICT_DIFFERS: entry(
    409,
    false,
    ['Another verdict was sent under the same id', '同一 id 下已有不同的裁定'],
    ['Make a new id for each verdict', '请为每个裁定生成新的 id'],
  ),
  VERDICT_TAGS_INVALID: entry(
    422,
    false,
    ['A tag of the verdict does not fit the label tree of the item', '裁定中的标签不属于该审核项的标签树'],
    ['Choose nodes of the tree that the item names in `taxonomy`', '请从该审核项 taxonomy 所指的标签树中选择'],
  ),
  VERDICT_FINAL: entry(
    409,
    false,
    ['The verdict cannot be undone any more', '该裁定已无法撤销'],
    ['Correct the newer result of the content instead', '请改为更正该内容的最新结果'],
  ),
} as const satisfies Record<string, ErrorEntry>
