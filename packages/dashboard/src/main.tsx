import './layout/base.css'
import './layout/page.css'
import './layout/panel.css'
import './parts/pill.css'

import { render } from 'preact'
import { App } from './layout/app.tsx'

const root = document.getElementById('kivi')
if (root !== null) render(<App />, root)
