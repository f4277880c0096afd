import { parlancePlugin } from '@parlance/vue'
import { createApp } from 'vue'
import App from './app.vue'
import { client } from './parlance.ts'

createApp(App).use(parlancePlugin, client).mount('#app')
