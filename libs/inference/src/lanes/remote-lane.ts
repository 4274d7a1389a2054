import { ReeltagError } from '@reeltag/contracts'
import { z } from 'zod'
import type { Lane } from './lane.js'
import type { LoadedModel } from '@reeltag/packs'
import { ask, checkModelServer, hostOf, inferenceRefusal, refusal, type ModelServer } from './model-server.js'
import { answerBytesMax, dtypeOf, expectedOutputs, readAnswer, writeRequest } from './served-tensors.js'
import type { LiveTensor } from './session-messages.js'
import type { Tensors } from '../tensors/tensor.js'

const ServerMetadata = z.object({ extensions: z.array(z.string()).default([]) })
const TensorMetadata = z.array(
  z
    .object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) })
    .transform(({ name, datatype, shape }): LiveTensor => ({ name, dtype: dtypeOf(datatype), shape })),
)
const ModelMetadata = z.object({ inputs: TensorMetadata, outputs: TensorMetadata })

/** A model on a server that speaks the Open Inference Protocol; one request at a time. */
export class RemoteLane implements Lane {
  private failed = false

  private constructor(
    private readonly model: LoadedModel,
    private readonly server: ModelServer,
    private readonly path: string,
    private readonly binary: boolean,
    readonly inputs: readonly LiveTensor[],
    readonly outputs: readonly LiveTensor[],
  ) {}

  /**
   * Asks whether the server is up and has this version of the model, ready, and what it says of it.
   * @throws MODEL_SERVER_UNAVAILABLE, MODEL_NOT_SERVED, MODEL_SERVER_INVALID
   */
  static async open(model: LoadedModel, server: ModelServer): Promise<RemoteLane> {
    await checkModelServer(server)
    const { extensions } = parse(server, ServerMetadata, (await found(server, 'v2')) ?? Buffer.of())
    for (const path of pathsOf(model)) {
      const metadata = await found(server, path)
      if (metadata === undefined) continue
      const { inputs, outputs } = parse(server, ModelMetadata, metadata)
      if ((await found(server, `${path}/ready`)) === undefined)
        throw new ReeltagError('MODEL_NOT_SERVED', `${model.ref} is not ready on ${hostOf(server)}`)
      return new RemoteLane(model, server, path, extensions.includes('binary_tensor_data'), inputs, outputs)
    }
    throw new ReeltagError('MODEL_NOT_SERVED', `${hostOf(server)} has neither ${pathsOf(model).join(' nor ')}`)
  }

  /** After a failure the server may be a different one, so it is asked again before anything else is sent. */
  get alive(): boolean {
    return !this.failed
  }

  async run(feeds: Tensors): Promise<Tensors> {
    const { model, server } = this
    try {
      const expected = expectedOutputs(model.manifest, feeds)
      const { body, headers } = await writeRequest(model.manifest, feeds, this.binary)
      const bytesMax = answerBytesMax(expected)
      const answer = await ask(server, `${this.path}/infer`, { body, headers, bytesMax })
      if (answer.status !== 200) throw inferenceRefusal(server, answer)
      return readAnswer(expected, answer)
    } catch (error) {
      this.failed = true
      throw error
    }
  }

  /** Nothing is held open: a request under way ends by itself. */
  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Triton's versions are whole numbers, so there our version becomes part of the name. */
const pathsOf = ({ manifest: { name, version } }: LoadedModel): readonly string[] => [
  `v2/models/${name}/versions/${version}`,
  `v2/models/${name}-${version}`,
]

/** Servers say with 404 or 400 that something is not there, or not yet. */
const found = async (server: ModelServer, path: string): Promise<Buffer | undefined> => {
  const answer = await ask(server, path)
  if (answer.status === 200) return answer.body
  if (answer.status === 400 || answer.status === 404) return undefined
  throw refusal(server, answer)
}

const parse = <S extends z.ZodType>(server: ModelServer, schema: S, body: Buffer): z.infer<S> => {
  try {
    return schema.parse(JSON.parse(body.toString('utf8')))
  } catch (error) {
    throw new ReeltagError('MODEL_SERVER_INVALID', `${hostOf(server)} describes itself in an unknown format`, {
      cause: error,
    })
  }
}
