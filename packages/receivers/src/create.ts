import type { Receiver, ReceiverSettings } from '@kivi/domain'
import type { ReceiverDependencies } from './dependencies.ts'
import { type HttpKind, httpReceiver } from './http/receiver.ts'
import { alertmanager } from './kinds/alertmanager.ts'
import { dingtalk } from './kinds/dingtalk.ts'
import { email } from './kinds/email.ts'
import { feishu } from './kinds/feishu.ts'
import { kafka } from './kinds/kafka.ts'
import { pagerduty } from './kinds/pagerduty.ts'
import { slack } from './kinds/slack.ts'
import { teams } from './kinds/teams.ts'
import { webhook } from './kinds/webhook.ts'
import { wecom } from './kinds/wecom.ts'
import { secretsOf } from './secrets.ts'

/** A receiver as the catalog declares it. Throws config_invalid where a secret is missing or an address is none. */
export function createReceiver(settings: ReceiverSettings, dependencies: ReceiverDependencies): Receiver {
  const secrets = secretsOf(settings.name, dependencies.env)
  const common = { secrets, dependencies }
  const overHttp = (kind: HttpKind) => httpReceiver(settings, kind, secrets, dependencies)
  switch (settings.kind) {
    case 'webhook':
      return overHttp(webhook({ settings, ...common }))
    case 'slack':
      return overHttp(slack({ settings, ...common }))
    case 'dingtalk':
      return overHttp(dingtalk({ settings, ...common }))
    case 'feishu':
      return overHttp(feishu({ settings, ...common }))
    case 'wecom':
      return overHttp(wecom({ settings, ...common }))
    case 'teams':
      return overHttp(teams({ settings, ...common }))
    case 'pagerduty':
      return pagerduty({ settings, ...common })
    case 'email':
      return email({ settings, ...common })
    case 'kafka':
      return kafka({ settings, ...common })
    case 'alertmanager':
      return alertmanager({ settings, ...common })
  }
}
