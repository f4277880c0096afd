import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/pages.css'
import { createParlance } from '@parlance/client'
import { parlancePlugin } from '@parlance/vue'
import { createApp } from 'vue'
import AppRoot from './app-root.vue'
import { registerWorker } from './offline/register.ts'
import { applyTheme } from './style/theme.ts'
import { startWords } from './words/language.ts'

applyTheme()
await startWords()
createApp(AppRoot)
  .use(
    parlancePlugin,
    createParlance({ url: location.origin, cache: { conversations: 50, messagesEach: 60 } }),
  )
  .mount('#app')
registerWorker()
