import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.js'
import { zh } from './zh.js'

export type Language = 'zh' | 'en'

const key = 'reeltag.language'

/** What somebody chose here before, or what the browser asks for. */
export const preferredLanguage = (): Language => {
  const chosen = globalThis.localStorage?.getItem(key)
  if (chosen === 'zh' || chosen === 'en') return chosen
  return navigator.languages.some((language) => language.startsWith('zh')) ? 'zh' : 'en'
}

const apply = (language: string): void => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

export const startI18n = async (): Promise<void> => {
  i18next.on('languageChanged', apply)
  await i18next.use(initReactI18next).init({
    lng: preferredLanguage(),
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
}

export const changeLanguage = (language: Language): void => {
  try {
    localStorage.setItem(key, language)
  } catch {
    // It holds for this visit.
  }
  void i18next.changeLanguage(language)
}
