import { entry, type ErrorEntry } from './error-entry.js'

/**
 * Errors for which the importer in training/ refuses a checkpoint. It uses the same codes; a test there checks that.
 */
export const importErrors = {
  CHECKPOINT_UNREADABLE: entry(
    422,
    false,
    ['The file is not a readable checkpoint, or it is truncated', '无法读取该权重文件，或文件不完整'],
    ['Compare its size and SHA-256 with the source, and download it again', '请核对文件大小与 SHA-256，并重新下载'],
  ),
  CHECKPOINT_UNSAFE: entry(
    422,
    false,
    ['The file would run code when it is opened', '打开该文件会执行其中的代码'],
    [
      'Get the checkpoint from its publisher, as safetensors where there is one',
      '请从发布方获取，优先使用 safetensors 格式',
    ],
  ),
  CHECKPOINT_TAMPERED: entry(
    422,
    false,
    ['The file does not have the given SHA-256', '文件的 SHA-256 与指定值不符'],
    ['Download it again, or correct --sha256', '请重新下载，或更正 --sha256'],
  ),
  CHECKPOINT_MISMATCH: entry(
    422,
    false,
    ['The checkpoint belongs to another model, size or layout', '权重属于其他模型、规格或布局'],
    [
      'Omit --size and --layout to have them detected, or give the right ones',
      '请省略 --size 与 --layout 以自动识别，或改为正确的值',
    ],
  ),
  RESOLUTION_INVALID: entry(
    422,
    false,
    ['The checkpoint cannot serve frames of that resolution', '该权重不支持此分辨率'],
    ['Choose the multiple that `detail` names, or omit --resolution', '请按 detail 选择倍数，或省略 --resolution'],
  ),
  VOCABULARY_INVALID: entry(
    422,
    false,
    ['The vocabulary is not the one that the text tower was trained with', '词表与文本塔不匹配'],
    ['Use the vocab.txt that was published with the checkpoint', '请使用与权重一同发布的 vocab.txt'],
  ),
  CALIBRATION_UNUSABLE: entry(
    422,
    false,
    ['Too few frames can be read from the calibration clips', '校准视频中可用的帧太少'],
    ['Give a folder with more playable clips', '请提供包含更多可播放视频的目录'],
  ),
  EXPORT_INEXACT: entry(
    422,
    false,
    ['The exported graph differs too much from the checkpoint', '导出的模型与原权重差异过大'],
    [
      'Choose a higher --precision; for INT8, other --calibration clips may also help',
      '请提高 --precision；INT8 可更换校准视频',
    ],
  ),
  PACK_EXISTS: entry(
    409,
    false,
    ['A pack or model of that name and version already exists', '同名同版本的模型包已存在'],
    [
      'Choose another --version or --name; a released version never changes',
      '请更换 --version 或 --name：已发布的版本不会改变',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>

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
  FILE_UNUSABLE: entry(
    422,
    false,
    ['A file or folder that the command was given cannot be used', '命令所给的文件或文件夹无法使用'],
    ['Name one that exists and that you may read and write', '请指定存在且可读写的文件或文件夹'],
  ),
} as const satisfies Record<string, ErrorEntry>
