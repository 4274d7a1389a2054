import { entry, type ErrorEntry } from './error-entry.js'

/** Errors for which a video is refused. */
export const mediaErrors = {
  MEDIA_EMPTY: entry(
    422,
    false,
    ['The file is empty', '文件为空'],
    ['Send a file that contains a video', '请上传视频文件'],
  ),
  MEDIA_UNRECOGNISED: entry(
    422,
    false,
    ['The file is not in a known video container', '无法识别的视频格式'],
    ['Send MP4, MOV, MKV, WebM, AVI, FLV, MPEG-TS or ASF', '请上传 MP4、MOV、MKV、WebM、AVI、FLV、MPEG-TS 或 ASF'],
  ),
  MEDIA_UNDECODABLE: entry(
    422,
    false,
    ['No frame of the video could be decoded', '视频无法解码'],
    ['Check that the file plays, or encode it again', '请确认文件可播放并重新编码'],
  ),
  MEDIA_NO_VIDEO_STREAM: entry(
    422,
    false,
    ['The file has no video stream', '文件中没有视频流'],
    ['Send a file with a video stream, or only text', '请上传含画面的视频，或仅提交文本'],
  ),
  MEDIA_TOO_MANY_PIXELS: entry(
    422,
    false,
    ['The frames are larger than this server decodes', '画面像素超过上限'],
    ['Lower the resolution, or raise VIDEO_PIXELS_MAX', '请降低分辨率，或调高 VIDEO_PIXELS_MAX'],
  ),
  MEDIA_TOO_MANY_STREAMS: entry(
    422,
    false,
    ['The file has more streams than this server opens', '文件包含过多的流'],
    ['Send one video and one audio stream', '请只保留一路视频与一路音频'],
  ),
  MEDIA_TOO_LONG: entry(
    422,
    false,
    ['The video is longer than this server accepts', '视频时长超过上限'],
    ['Send a shorter video, or raise VIDEO_SECONDS_MAX', '请缩短视频，或调高 VIDEO_SECONDS_MAX'],
  ),
  DECODE_TIMEOUT: entry(
    422,
    false,
    ['Decoding took longer than its limit', '解码超时'],
    ['Encode the video again with more keyframes', '请以更密的关键帧重新编码'],
  ),
  DECODE_MEMORY: entry(
    422,
    false,
    ['Decoding needed more memory than its limit', '解码内存超过上限'],
    ['Lower the resolution', '请降低分辨率'],
  ),
  DECODER_CRASHED: entry(
    422,
    false,
    ['The decoder crashed on this file', '解码器在处理该文件时崩溃'],
    ['Encode the video again', '请重新编码视频'],
  ),
} as const satisfies Record<string, ErrorEntry>
