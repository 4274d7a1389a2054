import { lazy, type ReactNode } from 'react'
import { Navigate, Outlet, Route, Routes, useLocation } from 'react-router'
import { ErrorState, LoadingState } from './components/states.js'
import { SessionProvider, useSessionState } from './session/session.js'
import { SignInPage } from './session/sign-in.js'
import { Shell } from './shell/shell.js'

const ReviewPage = lazy(() => import('./review/review-page.js'))
const ResultsPage = lazy(() => import('./results/results-page.js'))
const ContentPage = lazy(() => import('./results/content-page.js'))
const QueuesPage = lazy(() => import('./queues/queues-page.js'))
const TreePage = lazy(() => import('./tree/tree-page.js'))
const QualityPage = lazy(() => import('./quality/quality-page.js'))
const PoliciesPage = lazy(() => import('./policies/policies-page.js'))
const PolicyPage = lazy(() => import('./policies/policy-page.js'))
const OperationsPage = lazy(() => import('./operations/operations-page.js'))

const SignedIn = (): ReactNode => {
  const { session } = useSessionState()
  const { pathname } = useLocation()
  if (session !== null) return <Outlet />
  return <Navigate to={pathname === '/' ? '/sign-in' : `/sign-in?returnTo=${encodeURIComponent(pathname)}`} replace />
}

export const App = (): ReactNode => (
  <SessionProvider
    pending={
      <div className="page">
        <LoadingState />
      </div>
    }
    failed={(error, retry) => <ErrorState error={error} retry={retry} />}
  >
    <Routes>
      <Route path="/sign-in" element={<SignInPage />} />
      <Route element={<SignedIn />}>
        <Route element={<Shell />}>
          <Route path="/review" element={<ReviewPage />} />
          <Route path="/review/:queue" element={<ReviewPage />} />
          <Route path="/results" element={<ResultsPage />} />
          <Route path="/results/:id" element={<ContentPage />} />
          <Route path="/queues" element={<QueuesPage />} />
          <Route path="/tree" element={<TreePage />} />
          <Route path="/quality" element={<QualityPage />} />
          <Route path="/policies" element={<PoliciesPage />} />
          <Route path="/policies/:id" element={<PolicyPage />} />
          <Route path="/operations" element={<OperationsPage />} />
          <Route path="*" element={<Navigate to="/review" replace />} />
        </Route>
      </Route>
    </Routes>
  </SessionProvider>
)
