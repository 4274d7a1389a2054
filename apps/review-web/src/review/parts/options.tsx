import { UnstyledButton } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChosenTag } from '../../api/review-types.js'
import { taxonomyQuery } from '../../api/queries.js'
import { Bar } from '../../components/bar.js'
import { percent, useNames } from '../../components/format.js'
import { KeyCaps } from '../../components/key-caps.js'
import { NodePath } from '../../components/node-path.js'
import type { Bindings } from '../../keys/actions.js'
import type { Option } from '../choice.js'
import { useQuery } from '@tanstack/react-query'

export const choiceAction = (index: number) => `choose${index + 1}` as 'choose1'

/** What the model thinks, with calibrated probabilities; the first nine have a digit. */
export const Options = ({
  options,
  chosen,
  bindings,
  onChoose,
}: {
  options: readonly Option[]
  chosen: readonly ChosenTag[]
  bindings: Bindings
  onChoose: (option: Option) => void
}): ReactNode => {
  const { t } = useTranslation()
  const nameOf = useNames()
  const { data } = useQuery(taxonomyQuery)
  const facets = [...new Set(options.map(({ facet }) => facet))]
  const isChosen = (option: Option): boolean =>
    chosen.some(({ facet, path }) => facet === option.facet && path === option.path)
  return facets.map((id) => {
    const facet = data?.facets.find((each) => each.id === id)
    return (
      <section key={id} className="facet" aria-label={facet === undefined ? id : nameOf(facet.names)}>
        <div className="row spread">
          <h3 className="eyebrow">{facet === undefined ? id : nameOf(facet.names)}</h3>
          {facet?.kind === 'multi' ? <span className="small muted">{t('review.several')}</span> : null}
        </div>
        <ul className="options">
          {options.map((option, index) =>
            option.facet === id ? (
              <li key={option.path}>
                <UnstyledButton
                  className={isChosen(option) ? 'option chosen' : 'option'}
                  aria-pressed={isChosen(option)}
                  onClick={(event) => {
                    onChoose(option)
                    // Enter is to accept, and not to press this again.
                    if (event.detail > 0) event.currentTarget.blur()
                  }}
                >
                  <span className="tick">
                    {isChosen(option) ? <IconCheck size={16} stroke={2.4} aria-hidden /> : null}
                  </span>
                  <span className="name">
                    <span className="line">
                      <NodePath names={option.names} />
                      {option.isSuggested ? <span className="pill accent">{t('review.suggested')}</span> : null}
                      {option.confidence === null ? <span className="pill">{t('review.fromTree')}</span> : null}
                    </span>
                    {option.confidence === null ? null : <Bar share={option.confidence} quiet={!isChosen(option)} />}
                  </span>
                  <span className="num share">{option.confidence === null ? '' : percent(option.confidence)}</span>
                  {index < 9 ? <KeyCaps written={bindings[choiceAction(index)]} /> : <span />}
                </UnstyledButton>
              </li>
            ) : null,
          )}
        </ul>
      </section>
    )
  })
}
