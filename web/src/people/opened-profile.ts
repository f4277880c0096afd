import { ref } from 'vue'

/** The user whose profile is open above the page; null for none. */
export const openedProfile = ref<string | null>(null)
