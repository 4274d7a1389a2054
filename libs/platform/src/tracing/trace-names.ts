// Every name that a trace shows. The messaging conventions of OpenTelemetry may still change; only this file follows
// them.

export const spanNames = {
  submit: 'POST /v1/contents',
  upload: 'upload',
  accept: 'accept',
  wait: (stage: string) => `wait ${stage}`,
  run: (stage: string) => `run ${stage}`,
  decode: 'decode',
  infer: (model: string) => `infer ${model}`,
  commit: 'commit',
  publish: (event: string) => `publish ${event}`,
  consume: (event: string) => `process ${event}`,
} as const

export const attributeNames = {
  contentId: 'reeltag.content.id',
  workspaceId: 'reeltag.workspace.id',
  service: 'reeltag.service',
  stage: 'reeltag.stage',
  attempt: 'reeltag.attempt',
  outcome: 'reeltag.outcome',
  model: 'reeltag.model',
  rows: 'reeltag.batch.rows',
  decoder: 'reeltag.decoder',
  frames: 'reeltag.frames',
  bytes: 'reeltag.bytes',
  destination: 'messaging.destination.name',
  operation: 'messaging.operation.type',
  messageId: 'messaging.message.id',
  consumerGroup: 'messaging.consumer.group.name',
  errorType: 'error.type',
} as const
