import { effect } from '@preact/signals'
import { oneOf, remembered } from './remembered.ts'

/** `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark'

export const theme = remembered<Theme>('theme', 'system', oneOf('system', 'light', 'dark'))

effect(() => {
  if (theme.value === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme.value
})
