export { createApp, templates } from './create-app.ts'
