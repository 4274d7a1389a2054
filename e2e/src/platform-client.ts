import type { ContentPage } from '@reeltag/contracts'
import fs from 'node:fs'

/** Speaks to a gateway as a customer's program does. */
export class PlatformClient {
  readonly key = 'rt_e2e_bootstrapkeyfortestsonly0123456789'

  constructor(readonly url: string) {}

  /** Where the platform's processes answer. */
  protected get origins(): readonly string[] {
    return [this.url]
  }

  fetch(route: string, init: RequestInit & { key?: string } = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${init.key ?? this.key}`,
      ...(init.headers as Record<string, string> | undefined),
    }
    return fetch(this.url + route, { ...init, headers })
  }

  async json<T>(route: string): Promise<T> {
    const response = await this.fetch(route)
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  async submit(content: Record<string, unknown>, file?: string | Uint8Array<ArrayBuffer>): Promise<Response> {
    const form = new FormData()
    form.append('content', JSON.stringify(content))
    if (file !== undefined) {
      const bytes = typeof file === 'string' ? new Uint8Array(fs.readFileSync(file)) : file
      form.append('file', new Blob([bytes], { type: 'video/mp4' }), 'clip.mp4')
    }
    return this.fetch('/v1/contents', { method: 'POST', body: form })
  }

  /** @param name of a metric: the sum of its series over all processes */
  async metric(name: string): Promise<number> {
    const pages = await Promise.all(this.origins.map(async (origin) => (await fetch(`${origin}/metrics`)).text()))
    const series = pages.flatMap((page) => page.split('\n')).filter((line) => line.startsWith(name))
    return series.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }

  /** Every content of the workspace, newest first. */
  async contents(): Promise<ContentPage['items']> {
    const items: ContentPage['items'] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page: ContentPage = await this.json<ContentPage>(`/v1/contents?limit=100${query}`)
      items.push(...page.items)
      cursor = page.nextCursor
    } while (cursor !== null)
    return items
  }
}
