import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyCaps } from '../../components/key-caps.js'
import type { Action, Bindings } from '../../keys/actions.js'

/** What can be done with the item, each with its key. Always in sight. */
export const ActionBar = ({
  bindings,
  isChanged,
  handlers,
}: {
  bindings: Bindings
  isChanged: boolean
  handlers: Partial<Record<Action, () => void>>
}): ReactNode => {
  const { t } = useTranslation()
  const button = (
    action: Action,
    label: string,
    more: { variant?: string; color?: string; className?: string } = {},
  ) => (
    <Button
      size="sm"
      variant={more.variant ?? 'default'}
      className={more.className ?? ''}
      rightSection={<KeyCaps written={bindings[action]} />}
      onClick={() => handlers[action]?.()}
    >
      {label}
    </Button>
  )
  return (
    <div className="action-bar" role="toolbar" aria-label={t('review.actions')}>
      {button('accept', isChanged ? t('review.sendCorrection') : t('review.accept'), {
        variant: 'filled',
        className: 'primary',
      })}
      {button('search', t('review.searchTree'))}
      {button('reject', t('review.reject'))}
      {button('skip', t('review.skip'))}
      {button('escalate', t('review.escalate'))}
    </div>
  )
}
