/** A user of the SASL listeners, for PLAIN and SCRAM alike. */
export interface KafkaUser {
  readonly name: string
  readonly password: string
}

/** Listeners beside the plain one. `ssl` and `sasl_ssl` use a certificate made for this broker. */
const SECURED_LISTENERS = ['sasl_plaintext', 'ssl', 'sasl_ssl'] as const
export type SecuredListener = (typeof SECURED_LISTENERS)[number]

export interface NodeLayout {
  readonly id: number
  readonly directory: string
  readonly controllerPort: number
  /** the port of each listener, `plaintext` always among them */
  readonly ports: ReadonlyMap<'plaintext' | SecuredListener, number>
}

export interface ClusterLayout {
  readonly nodes: readonly NodeLayout[]
  readonly partitions: number
  readonly users: readonly KafkaUser[]
  readonly keystore?: { readonly path: string; readonly password: string }
  /** settings of the broker that override those below */
  readonly overrides: Readonly<Record<string, string>>
}

/** From three nodes on, all vote and any one may be killed; below, the first is the only controller. */
const isController = (cluster: ClusterLayout, node: NodeLayout): boolean =>
  cluster.nodes.length >= 3 || node === cluster.nodes[0]

const plainModule = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule'

function saslSettings(listener: SecuredListener, users: readonly KafkaUser[]): Record<string, string> {
  const passwords = users.map(user => `user_${user.name}="${user.password}"`).join(' ')
  return {
    [`listener.name.${listener}.plain.sasl.jaas.config`]: `${plainModule} required ${passwords};`,
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: `${scramModule} required;`,
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: `${scramModule} required;`,
  }
}

/** server.properties of one node. Internal topics are small, so that a broker is up within seconds. */
export function serverProperties(cluster: ClusterLayout, node: NodeLayout): string {
  const controllers = cluster.nodes.filter(each => isController(cluster, each))
  const controller = isController(cluster, node)
  const own = [...node.ports].map(([name, port]) => `${name.toUpperCase()}://127.0.0.1:${port}`)
  const replicas = String(Math.min(3, cluster.nodes.length))
  const minInsync = String(Math.min(2, cluster.nodes.length))
  const settings: Record<string, string> = {
    'process.roles': controller ? 'broker,controller' : 'broker',
    'node.id': String(node.id),
    'controller.quorum.voters': controllers.map(each => `${each.id}@127.0.0.1:${each.controllerPort}`).join(','),
    listeners: [...own, ...(controller ? [`CONTROLLER://127.0.0.1:${node.controllerPort}`] : [])].join(','),
    'advertised.listeners': own.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': ['CONTROLLER:PLAINTEXT', 'PLAINTEXT:PLAINTEXT']
      .concat([...node.ports.keys()].filter(name => name !== 'plaintext').map(name => `${name}:${name}`.toUpperCase()))
      .join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': node.directory,
    'num.partitions': String(cluster.partitions),
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInsync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minInsync,
    'default.replication.factor': replicas,
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    // a killed broker may come back as soon as its old registration has expired
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'auto.create.topics.enable': 'false',
    'log.retention.ms': '-1',
    'message.max.bytes': String(16 << 20),
    'replica.fetch.max.bytes': String(16 << 20),
    'log.cleaner.dedupe.buffer.size': String(16 << 20),
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    'controlled.shutdown.enable': String(cluster.nodes.length > 1),
  }
  for (const listener of SECURED_LISTENERS) {
    if (!node.ports.has(listener)) continue
    if (listener !== 'ssl') Object.assign(settings, saslSettings(listener, cluster.users))
    if (listener !== 'ssl') settings['sasl.enabled.mechanisms'] = 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'
  }
  if (cluster.keystore !== undefined) {
    settings['ssl.keystore.type'] = 'PKCS12'
    settings['ssl.keystore.location'] = cluster.keystore.path
    settings['ssl.keystore.password'] = cluster.keystore.password
  }
  const lines = Object.entries({ ...settings, ...cluster.overrides }).map(([name, value]) => `${name}=${value}\n`)
  return lines.join('')
}
