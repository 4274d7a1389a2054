import { entry, type ErrorEntry } from './error-entry.js'

/** Errors of models and packs. */
export const modelErrors = {
  SCORES_MISSING: entry(
    409,
    false,
    ['The result cannot be decided again, because its scores are not kept', '该结果的分数未保留，无法重新判定'],
    [
      'Tag the content again; SCORES_KEPT_DAYS says how long scores are kept',
      '请重新标注该内容；分数的保留时长由 SCORES_KEPT_DAYS 决定',
    ],
  ),
  MANIFEST_INVALID: entry(
    500,
    false,
    ['A model manifest does not match its schema or its graph', '模型清单无效'],
    ['Restore the model folder from its release', '请从发布版恢复模型目录'],
  ),
  MODEL_MISMATCH: entry(
    500,
    false,
    ['A model differs from its manifest', '模型与清单不一致'],
    ['Restore the model folder from its release', '请从发布版恢复模型目录'],
  ),
  MODEL_MISSING: entry(
    500,
    false,
    ['A model file is missing', '缺少模型文件'],
    ['Restore the model folder, or check MODELS_DIR', '请恢复模型目录或检查 MODELS_DIR'],
  ),
  PACK_INVALID: entry(
    500,
    false,
    ['A pack does not match its schema or checksums, or needs a newer Reeltag', '模型包无效'],
    ['Run `npm run reeltag -- packs verify`', '请运行 npm run reeltag -- packs verify'],
  ),
  PROVIDER_UNAVAILABLE: entry(
    500,
    false,
    ['The requested execution provider is not available', '所需的推理后端不可用'],
    ['Set MODEL_DEVICE=cpu', '请设置 MODEL_DEVICE=cpu'],
  ),
  PACK_NOT_READY: entry(
    503,
    true,
    [
      'A process did not load the pack in time; the active pack is unchanged',
      '有进程未能及时加载模型包；原模型包仍在使用',
    ],
    ['Try again, with a longer --wait', '请以更长的 --wait 重试'],
  ),
  PACK_NO_PREVIOUS: entry(
    409,
    false,
    ['There is no activation to roll back', '没有可回退的模型包'],
    [
      'Activate a pack by its name: `npm run reeltag -- packs activate`',
      '请用 npm run reeltag -- packs activate 指定模型包',
    ],
  ),
  PACK_IN_FORCE: entry(
    409,
    false,
    ['The pack is already active, so there is nothing to compare it with', '该模型包已在使用，无需影子对比'],
    ['Shadow another pack', '请选择其他模型包进行影子对比'],
  ),
  PACK_SHADOWED: entry(
    409,
    false,
    ['Another pack is being shadowed in this workspace', '该工作区正在影子运行另一个模型包'],
    ['End it with `npm run reeltag -- packs shadow --stop`', '请先执行 npm run reeltag -- packs shadow --stop'],
  ),
  PACK_NOT_SHADOWED: entry(
    409,
    false,
    ['No pack is being shadowed in this workspace', '该工作区没有正在影子运行的模型包'],
    [
      'Start one with `npm run reeltag -- packs shadow <name/version>`',
      '请用 npm run reeltag -- packs shadow <名称/版本> 启动',
    ],
  ),
  PACK_IMPORT_REFUSED: entry(
    422,
    false,
    ['No pack can be made from this checkpoint', '无法由该权重文件生成模型包'],
    ['Read the cause in `detail`', '请查看 detail 中的原因'],
  ),
  PYTHON_MISSING: entry(
    500,
    false,
    ['Python, or a package that the import needs, is missing', '缺少 Python 或导入所需的软件包'],
    [
      'Install Python 3.10 or newer, run `pip install -r training/requirements.txt`, and set REELTAG_PYTHON to it',
      '请安装 Python 3.10 或更新版本，执行 pip install -r training/requirements.txt，并用 REELTAG_PYTHON 指定',
    ],
  ),
  MODEL_MEMORY: entry(
    500,
    false,
    ['There is not enough memory for the model', '内存不足以加载模型'],
    [
      'Use a smaller or INT8 pack, fewer MODEL_LANES, or more memory',
      '请使用更小或 INT8 的模型包、减少 MODEL_LANES 或增加内存',
    ],
  ),
  STREAMS_MISSING: entry(
    422,
    false,
    ['The pack reads nothing that this content has', '模型包不读取此内容所含的任何数据'],
    ['Send what the pack reads, or activate another pack', '请提交模型包所需的内容，或启用其他模型包'],
  ),
  INFERENCE_FAILED: entry(500, true, ['The model failed on this input', '推理失败'], ['Try again', '请重试']),
  INFERENCE_OVERLOADED: entry(
    503,
    true,
    ['The inference queue is full', '推理队列已满'],
    ['Send fewer requests at a time', '请降低请求速率'],
  ),
  MODEL_SERVER_UNAVAILABLE: entry(
    503,
    true,
    ['The model server does not answer', '模型服务器不可用'],
    [
      'Try again; check MODEL_SERVER_URL and its server, and raise MODEL_SERVER_TIMEOUT_MS if a run takes longer',
      '请重试，并检查 MODEL_SERVER_URL 及其服务器；若推理耗时较长，请调高 MODEL_SERVER_TIMEOUT_MS',
    ],
    { outage: true },
  ),
  MODEL_NOT_SERVED: entry(
    503,
    true,
    ['The model server does not have this version of the model ready', '模型服务器尚未提供该版本的模型'],
    [
      "Load the pack's graphs into the server under the names that docs/operations/configure.md gives",
      '请按 docs/operations/configure.md 中的名称在模型服务器上加载模型包的模型',
    ],
    { outage: true },
  ),
  MODEL_SERVER_MISMATCH: entry(
    503,
    true,
    [
      'The model on the model server has different inputs or outputs from the one in the pack',
      '模型服务器上的模型与模型包的输入或输出不一致',
    ],
    ["Load the pack's own graph into the server", '请在模型服务器上使用模型包自带的模型文件'],
    { outage: true },
  ),
  MODEL_SERVER_INVALID: entry(
    502,
    true,
    ['The model server sent an answer that the protocol or the model does not allow', '模型服务器返回了不合规的结果'],
    [
      'Read `detail`; check which server MODEL_SERVER_URL names, and any proxy in between',
      '请查看 detail，并检查 MODEL_SERVER_URL 所指的服务及中间代理',
    ],
  ),
  TAXONOMY_INVALID: entry(
    500,
    false,
    ['A taxonomy does not match its schema', '标签体系无效'],
    ['Correct the YAML at the path named in `detail`', '请更正 detail 所指的 YAML'],
  ),
  MIGRATION_INVALID: entry(
    422,
    false,
    [
      'A migration between two versions of a taxonomy would lose or invent labels',
      '标签体系的迁移会丢失或凭空产生标签',
    ],
    ['Correct the YAML at the lines named in `detail`', '请更正 detail 所列行的 YAML'],
  ),
  MAPPING_INVALID: entry(
    422,
    false,
    ['A mapping of labels is incomplete, unconfirmed or outside the taxonomy', '标签映射不完整、未确认或超出标签体系'],
    ['Correct the YAML or the row named in `detail`', '请更正 detail 所指的 YAML 或数据行'],
  ),
} as const satisfies Record<string, ErrorEntry>
