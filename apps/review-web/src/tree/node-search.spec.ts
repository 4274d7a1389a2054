import { describe, expect, it } from '@jest/globals'
import { NodeSearch, type Facet } from './node-search.js'
import { romanise } from './romanise.js'

const node = (path: string, zh: string, en: string, more: { leaf?: boolean; synonyms?: string[] } = {}) => ({
  id: path.split('/').at(-1) ?? '',
  path,
  parent: path.split('/').at(-2) ?? null,
  leaf: more.leaf ?? true,
  names: { zh, en },
  synonyms: { zh: more.synonyms ?? [], en: [] },
})

const facets: Facet[] = [
  {
    id: 'subject',
    kind: 'single',
    names: { zh: '主题', en: 'Subject' },
    nodes: [
      node('transport', '交通', 'Transport', { leaf: false }),
      node('transport/rail', '轨道交通', 'Rail transport', { leaf: false }),
      node('transport/rail/steam-train', '蒸汽火车', 'steam train', { synonyms: ['老火车'] }),
      node('animals/panda', '大熊猫', 'panda', { synonyms: ['熊猫'] }),
      node('animals/cat', '猫', 'cat'),
      node('food/catfish', '鲶鱼', 'catfish'),
      node('places/green', '绿地', 'green space'),
    ],
  },
]
const search = new NodeSearch(facets, romanise)
const paths = (typed: string) => search.find(typed).map((found) => found.node.path)

describe('NodeSearch', () => {
  it('finds by Chinese, English and synonym', () => {
    expect(paths('大熊猫')[0]).toBe('animals/panda')
    expect(paths('熊猫')[0]).toBe('animals/panda')
    expect(paths('train')).toContain('transport/rail/steam-train')
    expect(paths('steam-train'.replace('-', ' '))[0]).toBe('transport/rail/steam-train')
  })

  it('finds by pinyin and by its initials', () => {
    expect(paths('daxiongmao')[0]).toBe('animals/panda')
    expect(paths('dxm')[0]).toBe('animals/panda')
    expect(paths('zhengqi')[0]).toBe('transport/rail/steam-train')
    expect(paths('lvdi')[0]).toBe('places/green')
  })

  it('puts what is typed whole before what begins so', () => {
    expect(paths('cat').slice(0, 2)).toEqual(['animals/cat', 'food/catfish'])
  })

  it('takes full-width letters and capitals as they are meant', () => {
    expect(paths('ＣＡＴ')[0]).toBe('animals/cat')
  })

  it('finds nothing for nothing, and works without pinyin', () => {
    expect(paths('  ')).toEqual([])
    expect(paths('qqqq')).toEqual([])
    expect(new NodeSearch(facets).find('猫')[0]?.node.path).toBe('animals/cat')
  })
})
