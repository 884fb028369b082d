type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** the schemas that one place may have: its own and its alternatives */
function alternatives(schema: Node): readonly Node[] {
  const more = ((schema['anyOf'] ?? []) as unknown[]).filter(isNode)
  return [schema, ...more.flatMap(alternatives)]
}

/** Paths of all keys that a JSON Schema names: `measures.*.filter`, `funnels.*.steps[].name`. */
export function pathsOf(schema: Node, at = ''): string[] {
  const found = alternatives(schema).flatMap(one => {
    const { properties, additionalProperties, items } = one
    return [
      ...Object.entries(isNode(properties) ? properties : {}).flatMap(([key, value]) => [
        join(at, key),
        ...(isNode(value) ? pathsOf(value, join(at, key)) : []),
      ]),
      ...(isNode(additionalProperties) ? pathsOf(additionalProperties, join(at, '*')) : []),
      ...(isNode(items) ? pathsOf(items, `${at}[]`) : []),
    ]
  })
  return [...new Set(found)]
}

/** Adds those of them that a document uses. */
export function usedIn(schema: Node, data: unknown, used: Set<string>, at = ''): void {
  for (const { properties, additionalProperties, items } of alternatives(schema)) {
    if (Array.isArray(data) && isNode(items)) for (const item of data) usedIn(items, item, used, `${at}[]`)
    if (!isNode(data)) continue
    for (const [key, value] of Object.entries(data)) {
      const known = isNode(properties) ? properties[key] : undefined
      if (known !== undefined) used.add(join(at, key))
      if (isNode(known)) usedIn(known, value, used, join(at, key))
      else if (isNode(additionalProperties)) usedIn(additionalProperties, value, used, join(at, '*'))
    }
  }
}

const join = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`)
