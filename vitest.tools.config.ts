/** Tests that need tools of the operating system (promtool, hadolint, …): `npm run test:tools`. */
import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

const config = mergeConfig(base, {})
export default defineConfig({ ...config, test: { ...config.test, include: ['test/tools/**/*.test.ts'] } })
