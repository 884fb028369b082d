import { render } from 'preact'
import { App } from './layout/app.tsx'
import './layout/page.css'

const root = document.getElementById('kivi')
if (root !== null) render(<App />, root)
