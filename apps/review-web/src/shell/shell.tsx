import { ActionIcon, Button, Drawer, Menu } from '@mantine/core'
import {
  IconBinaryTree2,
  IconChartDots,
  IconChecklist,
  IconCloudOff,
  IconGauge,
  IconLogout,
  IconMenu2,
  IconMovie,
  IconServerCog,
  IconStack2,
  IconUserCircle,
} from '@tabler/icons-react'
import { Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useLocation } from 'react-router'
import { LoadingState } from '../components/states.js'
import { useSession, useSessionState } from '../session/session.js'
import { useLive } from './live.js'
import { pages, type PageEntry } from './pages.js'
import { Preferences } from './preferences.js'
import './shell.css'

const icons: Record<PageEntry['key'], typeof IconStack2> = {
  review: IconChecklist,
  results: IconMovie,
  queues: IconStack2,
  tree: IconBinaryTree2,
  quality: IconChartDots,
  policies: IconGauge,
  operations: IconServerCog,
}

const ranks = { reviewer: 0, lead: 1, admin: 2 }

const useMenu = (): readonly PageEntry[] => {
  const { user } = useSession()
  return pages.filter(({ from }) => ranks[user.role] >= ranks[from])
}

const Links = ({ entries, onFollow }: { entries: readonly PageEntry[]; onFollow?: () => void }): ReactNode => {
  const { t } = useTranslation()
  return entries.map(({ path, key }) => {
    const Icon = icons[key]
    return (
      <NavLink key={key} to={path} {...(onFollow === undefined ? {} : { onClick: onFollow })}>
        <Icon size={18} stroke={1.7} aria-hidden />
        <span>{t(`nav.${key}`)}</span>
      </NavLink>
    )
  })
}

/** What stands above every page: no network, or a session that has ended. */
const Banners = (): ReactNode => {
  const { t } = useTranslation()
  const { expired, reachable } = useSessionState()
  const { pathname } = useLocation()
  if (expired)
    return (
      <div className="banner bad" role="alert">
        <span>{t('shell.expired')}</span>
        <Button
          size="compact-sm"
          variant="default"
          component="a"
          href={`/app/sign-in?returnTo=${encodeURIComponent(pathname)}`}
        >
          {t('signIn.again')}
        </Button>
      </div>
    )
  if (reachable) return null
  return (
    <div className="banner" role="status">
      <IconCloudOff size={18} aria-hidden />
      <span>{t('shell.offline')}</span>
    </div>
  )
}

const UserMenu = (): ReactNode => {
  const { t } = useTranslation()
  const { user } = useSession()
  const { signOut } = useSessionState()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('shell.account', { name: user.name })}>
          <IconUserCircle size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name} · {t(`roles.${user.role}`)}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Phones have room for three pages at the bottom; the rest is behind a menu. */
const TabBar = ({ entries }: { entries: readonly PageEntry[] }): ReactNode => {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <nav className="tabbar" aria-label={t('shell.pages')}>
        <Links entries={entries.slice(0, 3)} />
        <button type="button" onClick={() => setOpened(true)}>
          <IconMenu2 size={18} aria-hidden />
          <span>{t('shell.more')}</span>
        </button>
      </nav>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="bottom"
        size="auto"
        title={t('shell.more')}
        closeButtonProps={{ 'aria-label': t('states.close') }}
      >
        <nav className="nav" aria-label={t('shell.more')}>
          <Links entries={entries.slice(3)} onFollow={() => setOpened(false)} />
        </nav>
      </Drawer>
    </>
  )
}

/** The frame around every page: menu, banners, who is signed in. */
export const Shell = (): ReactNode => {
  const { t } = useTranslation()
  const { workspace } = useSession()
  const entries = useMenu()
  useLive()
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <div className="side">
        <div className="brand">
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" />
          Reeltag
        </div>
        <nav className="nav" aria-label={t('shell.pages')}>
          <Links entries={entries} />
        </nav>
      </div>
      <header className="top">
        <span className="pill">{workspace.name}</span>
        <div className="grow" id="page-status" />
        <Preferences />
        <UserMenu />
      </header>
      <main className="main" id="main" tabIndex={-1}>
        <Banners />
        <Suspense
          fallback={
            <div className="page">
              <LoadingState />
            </div>
          }
        >
          <Outlet />
        </Suspense>
      </main>
      <TabBar entries={entries} />
    </div>
  )
}
