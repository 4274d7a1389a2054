import { Modal, UnstyledButton } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyCaps } from '../../components/key-caps.js'

/** Codes that go with a verdict; the platform counts by them. */
export const reasons = {
  reject: ['none-fits', 'not-recognisable', 'misleading-text', 'spam', 'other'],
  skip: ['not-sure', 'wrong-language', 'does-not-play', 'conflict-of-interest', 'other'],
  escalate: ['sensitive', 'policy-unclear', 'new-topic', 'other'],
} as const

export type ReasonedAction = keyof typeof reasons

/** One digit says why. */
export const ReasonDialog = ({
  action,
  onChoose,
  onClose,
}: {
  action: ReasonedAction | undefined
  onChoose: (action: ReasonedAction, reason: string) => void
  onClose: () => void
}): ReactNode => {
  const { t } = useTranslation()
  useEffect(() => {
    if (action === undefined) return undefined
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
      const reason = reasons[action][Number(event.key) - 1]
      if (reason === undefined) return
      event.preventDefault()
      onChoose(action, reason)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [action, onChoose])
  return (
    <Modal
      opened={action !== undefined}
      onClose={onClose}
      title={action === undefined ? '' : t(`review.${action}Why`)}
      centered
      size="sm"
      closeButtonProps={{ 'aria-label': t('states.close') }}
    >
      {action === undefined ? null : (
        <ul className="stack tight">
          {reasons[action].map((reason, index) => (
            <li key={reason}>
              <UnstyledButton className="option" onClick={() => onChoose(action, reason)}>
                <KeyCaps written={String(index + 1)} />
                <span className="name">{t(`reasons.${reason}`)}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  )
}
