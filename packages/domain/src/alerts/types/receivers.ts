/** Receivers as the catalog declares them. Secrets are named, never written down. */

/** Where a secret is: read when the receiver is made, never logged, never part of an answer. */
export type Secret = { readonly env: string } | { readonly file: string }

/** An address that may hold a secret, as those of Slack and DingTalk do. */
export type Address = string | Secret

interface ReceiverBase {
  readonly name: string
  readonly language: 'en' | 'zh'
  /** whether the end of an alert is told, too */
  readonly sendResolved: boolean
  /** an answer is waited for so long, ms; at most 10 s */
  readonly timeoutMs: number
}

export type ReceiverSettings =
  | (ReceiverBase & {
      readonly kind: 'webhook'
      readonly url: Address
      /** key of the HMAC-SHA256 signature */
      readonly secret: Secret | null
      readonly headers: Readonly<Record<string, Address>>
    })
  | (ReceiverBase & { readonly kind: 'slack'; readonly url: Secret; readonly channel: string | null })
  | (ReceiverBase & {
      readonly kind: 'dingtalk'
      readonly url: Secret
      readonly secret: Secret | null
      readonly mentions: readonly string[]
    })
  | (ReceiverBase & { readonly kind: 'feishu'; readonly url: Secret; readonly secret: Secret | null })
  | (ReceiverBase & { readonly kind: 'wecom'; readonly url: Secret; readonly mentions: readonly string[] })
  | (ReceiverBase & { readonly kind: 'teams'; readonly url: Secret })
  | (ReceiverBase & {
      readonly kind: 'email'
      readonly host: string
      readonly port: number
      readonly tls: 'required' | 'starttls' | 'none'
      readonly username: string | null
      readonly password: Secret | null
      readonly from: string
      readonly to: readonly string[]
    })
  | (ReceiverBase & { readonly kind: 'pagerduty'; readonly routingKey: Secret; readonly url: string })
  | (ReceiverBase & { readonly kind: 'kafka'; readonly topic: string })
  /** synchronised every minute instead of notified */
  | (ReceiverBase & {
      readonly kind: 'alertmanager'
      readonly urls: readonly string[]
      readonly username: string | null
      readonly password: Secret | null
    })

export type ReceiverKind = ReceiverSettings['kind']

export const RECEIVER_KINDS = [
  'webhook',
  'slack',
  'dingtalk',
  'feishu',
  'wecom',
  'teams',
  'email',
  'pagerduty',
  'kafka',
  'alertmanager',
] as const satisfies readonly ReceiverKind[]
