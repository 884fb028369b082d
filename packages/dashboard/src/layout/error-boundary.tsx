import { messageOf } from '@kivi/domain'
import { Component, type ComponentChildren } from 'preact'
import { spoken, type Words } from '../settings/language.ts'

const WORDS: Words<{ title: string; text: string; again: string }> = {
  en: {
    title: 'This page failed',
    text: 'Other pages still work. What the page says of it, for whoever runs Kivi:',
    again: 'Load anew',
  },
  zh: { title: '页面出错', text: '其他页面仍可使用。以下错误信息可提供给管理员:', again: '重新加载' },
}

interface Props {
  /** of what is drawn: another page is tried anew */
  readonly of: string
  readonly children: ComponentChildren
}

/** Keeps the failure of one page from taking the others with it. */
export class ErrorBoundary extends Component<Props, { readonly error: unknown; readonly of: string }> {
  override state = { error: null as unknown, of: this.props.of }

  static override getDerivedStateFromProps(props: Props, state: { of: string }) {
    return props.of === state.of ? null : { error: null, of: props.of }
  }

  override componentDidCatch(error: unknown) {
    console.error(error)
    this.setState({ error })
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    const words = spoken(WORDS)
    return (
      <div class="empty" role="alert">
        <h1>{words.title}</h1>
        <p>{words.text}</p>
        <pre>{messageOf(error)}</pre>
        <button type="button" onClick={() => location.reload()}>
          {words.again}
        </button>
      </div>
    )
  }
}
