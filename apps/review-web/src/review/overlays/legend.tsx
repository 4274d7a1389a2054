import { Button, Modal, UnstyledButton } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyCaps } from '../../components/key-caps.js'
import { actionGroups, defaultBindings, type Action, type Bindings } from '../../keys/actions.js'
import { refusalOf, writtenKey, type Refusal } from '../../keys/bindings.js'

/** Every key, each of which may be changed. A key that another action has is refused. */
export const Legend = ({
  opened,
  bindings,
  onChange,
  onClose,
}: {
  opened: boolean
  bindings: Bindings
  onChange: (bindings: Bindings) => void
  onClose: () => void
}): ReactNode => {
  const { t } = useTranslation()
  const [changing, setChanging] = useState<Action>()
  const [refusal, setRefusal] = useState<Refusal>()
  useEffect(() => {
    if (changing === undefined) return undefined
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing) return
      const written = writtenKey(event)
      if (written === undefined) return
      event.preventDefault()
      event.stopPropagation()
      if (written === 'Escape' && changing !== 'leave') return setChanging(undefined)
      const why = refusalOf(bindings, changing, written)
      setRefusal(why)
      if (why !== undefined) return
      onChange({ ...bindings, [changing]: written })
      setChanging(undefined)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [changing, bindings, onChange])
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="xl"
      title={t('legend.title')}
      closeOnEscape={changing === undefined}
      closeButtonProps={{ 'aria-label': t('states.close') }}
    >
      <p className="muted">{t('legend.how')}</p>
      <div aria-live="polite" className="legend-said">
        {refusal === undefined
          ? ''
          : refusal.because === 'taken'
            ? t('legend.taken', { action: t(`actions.${refusal.by}`) })
            : t('legend.reserved')}
      </div>
      <div className="legend">
        {Object.entries(actionGroups).map(([group, names]) => (
          <section key={group}>
            <h3 className="eyebrow">{t(`legend.${group}`)}</h3>
            <ul>
              {names.map((action) => (
                <li key={action}>
                  <span>{t(`actions.${action}`)}</span>
                  <UnstyledButton
                    className={changing === action ? 'rebind active' : 'rebind'}
                    aria-label={t('legend.change', { action: t(`actions.${action}`), key: bindings[action] })}
                    onClick={() => {
                      setRefusal(undefined)
                      setChanging(changing === action ? undefined : action)
                    }}
                  >
                    {changing === action ? (
                      <span className="small">{t('legend.press')}</span>
                    ) : (
                      <KeyCaps written={bindings[action]} />
                    )}
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Button variant="default" size="xs" onClick={() => onChange(defaultBindings)}>
        {t('legend.reset')}
      </Button>
    </Modal>
  )
}
