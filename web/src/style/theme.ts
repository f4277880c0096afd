import { ref } from 'vue'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'parlance.theme'
const stored = themes.find((theme) => theme === localStorage.getItem(key))

export const theme = ref<Theme>(stored ?? 'system')

/** Shows the theme of the viewer's choice, by default that of the device. */
export function applyTheme(next: Theme = theme.value): void {
  theme.value = next
  localStorage.setItem(key, next)
  document.documentElement.dataset.theme = next
}
