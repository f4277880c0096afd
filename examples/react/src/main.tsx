import { ParlanceProvider } from '@parlance/react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { client } from './parlance.ts'

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <ParlanceProvider client={client}>
      <App />
    </ParlanceProvider>,
  )
