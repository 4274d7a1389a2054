import { Button, FileButton, Modal, Textarea, TextInput } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { ask } from '../../api/http.js'
import type { ContentAccepted } from '../../api/platform-types.js'
import { ErrorState } from '../../components/states.js'

/** Takes a file that is dropped anywhere on the page. @returns whether one hangs over it */
export const useDropTarget = (onFile: ((file: File) => void) | undefined): boolean => {
  const [over, setOver] = useState(0)
  useEffect(() => {
    if (onFile === undefined) return undefined
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    const enter = (event: DragEvent): void => {
      if (hasFiles(event)) setOver((count) => count + 1)
    }
    const leave = (event: DragEvent): void => {
      if (hasFiles(event)) setOver((count) => Math.max(0, count - 1))
    }
    const hover = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      setOver(0)
      const file = event.dataTransfer?.files[0]
      if (file === undefined) return
      event.preventDefault()
      onFile(file)
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('dragover', hover)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('dragover', hover)
      window.removeEventListener('drop', drop)
    }
  }, [onFile])
  return over > 0
}

/** Sends a clip with its text, and goes to where its stages can be followed. */
export const UploadDialog = ({ file, onClose }: { file: File | true | undefined; onClose: () => void }): ReactNode => {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<File | null>(null)
  const [title, setTitle] = useState('')
  const [description, setDescription] = useState('')
  useEffect(() => {
    setChosen(file instanceof File ? file : null)
    setTitle('')
    setDescription('')
  }, [file])
  const upload = useMutation({
    mutationFn: () => {
      const form = new FormData()
      const content = {
        ...(title.trim() === '' ? {} : { title: title.trim() }),
        ...(description.trim() === '' ? {} : { description: description.trim() }),
        language: i18n.language,
      }
      form.append('content', new Blob([JSON.stringify(content)], { type: 'application/json' }))
      if (chosen !== null) form.append('file', chosen, chosen.name)
      return ask<ContentAccepted>('POST', '/v1/contents', { body: form })
    },
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['contents'] })
      onClose()
      void navigate(`/results/${id}`)
    },
  })
  return (
    <Modal
      opened={file !== undefined}
      onClose={onClose}
      title={t('results.uploadTitle')}
      closeButtonProps={{ 'aria-label': t('states.close') }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          upload.mutate()
        }}
      >
        <FileButton accept="video/*,.avi,.mkv,.flv" onChange={setChosen}>
          {(props) => (
            <button type="button" className="drop-zone" {...props}>
              <IconFileUpload size={22} aria-hidden />
              <b className="breakable">{chosen?.name ?? t('results.drop')}</b>
              <span className="small muted">
                {chosen === null ? t('results.uploadHint') : `${(chosen.size / 1e6).toFixed(1)} MB`}
              </span>
            </button>
          )}
        </FileButton>
        <TextInput
          label={t('results.titleField')}
          description={t('results.textOnly')}
          value={title}
          maxLength={2000}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={t('results.descriptionField')}
          autosize
          minRows={2}
          maxRows={6}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {upload.isError && <ErrorState error={upload.error} compact />}
        <Button type="submit" loading={upload.isPending} disabled={chosen === null && title.trim() === ''}>
          {t('results.send')}
        </Button>
      </form>
    </Modal>
  )
}
