// The description of the API, drawn from /openapi.json: nothing is loaded from elsewhere.
const element = (name, attributes = {}, children = []) => {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children)
  return node
}

/** `names` of a description as code. */
const prose = text =>
  text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, [part]) : document.createTextNode(part)))

const typeOf = schema => (schema.enum ? schema.enum.join(' | ') : [schema.type ?? ''].flat().join(' or '))

function table(heads, rows) {
  return element('table', {}, [
    element('thead', {}, [
      element(
        'tr',
        {},
        heads.map(head => element('th', {}, [head])),
      ),
    ]),
    element(
      'tbody',
      {},
      rows.map(cells =>
        element(
          'tr',
          {},
          cells.map(cell => element('td', {}, [cell])),
        ),
      ),
    ),
  ])
}

function route(path, method, operation) {
  const parameters = operation.parameters ?? []
  const address = element('code', {}, [`${method.toUpperCase()} ${path}`])
  return element('section', {}, [
    element('h2', {}, [address]),
    element('p', {}, [operation.summary ?? '']),
    ...(parameters.length === 0
      ? []
      : [
          table(
            ['Parameter', 'Values', 'Meaning'],
            parameters.map(parameter => [
              element('code', {}, [parameter.name]),
              typeOf(parameter.schema),
              element('span', {}, prose(parameter.description ?? parameter.schema.description ?? '')),
            ]),
          ),
        ]),
  ])
}

const description = await (await fetch('/openapi.json')).json()
const main = document.getElementById('routes')
main.setAttribute('aria-busy', 'false')
for (const [path, methods] of Object.entries(description.paths))
  for (const [method, operation] of Object.entries(methods)) main.append(route(path, method, operation))
main.append(
  element('section', {}, [
    element('h2', {}, ['Problems']),
    element('p', {}, ['Every error is application/problem+json with one of these codes; its detail says what to do.']),
    table(
      ['Code', 'Status', 'Meaning'],
      Object.entries(description['x-problems']).map(([code, { status, title }]) => [
        element('code', { id: code }, [code]),
        String(status),
        title,
      ]),
    ),
  ]),
)
