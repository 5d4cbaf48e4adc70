import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { type Contained, closed, type Json } from './openapi.ts'

/** A question as it goes over the wire; `path` without host and query, `body` parsed or absent. */
type Asked = {
  method: string
  path: string
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  body?: unknown
}

/**
 * An answer to it; `body` parsed, text as it is, absent when it is empty. Without a content type it may be of any that is
 * described.
 */
type Answered = {
  method: string
  path: string
  status: number
  headers?: Readonly<Record<string, string>>
  body?: unknown
}

/**
 * What a vendor has described of its API. Violations are sentences that begin with the place; none is the empty list.
 * What is not described is a violation as well: a path, a parameter, a status, a field of a body.
 */
export type Contract = {
  request(asked: Asked): string[]
  answer(answered: Answered): string[]
  /** Described endpoints as `POST /v1/report/info`. */
  endpoints: readonly string[]
}

type Operation = {
  name: string
  matches(path: string): Contained | undefined
  request: Check<Asked>
  answer: Check<Answered>
}
type Check<Subject> = (subject: Subject, inPath: Contained) => string[]

/** Reads all descriptions (`*.openapi.json`) of a vendor's folder. Where two describe an endpoint, the newer file counts. */
export function contractOf(folder: string): Contract {
  const files = globSync('*.openapi.json', { cwd: folder }).toSorted((a, b) => dateOf(b).localeCompare(dateOf(a)))
  if (files.length === 0) throw new Error(`${folder} holds no description: a file that ends with .openapi.json`)
  const all = files.flatMap(file => operationsOf(join(folder, file)))
  const newest = [...new Map(all.toReversed().map(operation => [operation.name, operation])).values()]
  const operations = newest.toSorted((a, b) => Number(a.name.includes('{')) - Number(b.name.includes('{')))

  const look = <Subject extends { method: string; path: string }>(
    subject: Subject,
    check: (operation: Operation) => Check<Subject>,
  ): string[] => {
    for (const operation of operations) {
      const inPath = operation.name.startsWith(`${subject.method} `) ? operation.matches(subject.path) : undefined
      if (inPath) return check(operation)(subject, inPath).map(violation => `${operation.name}: ${violation}`)
    }
    return [`${subject.method} ${subject.path}: is not described`]
  }
  return {
    request: asked => look(asked, ({ request }) => request),
    answer: answered => look(answered, ({ answer }) => answer),
    endpoints: operations.map(({ name }) => name).toSorted(),
  }
}

function dateOf(file: string): string {
  return /\d{4}-\d{2}-\d{2}/.exec(file)?.[0] ?? ''
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

function operationsOf(file: string): Operation[] {
  const document: Json = JSON.parse(readFileSync(file, 'utf8'))
  const reader = readerOf(document, basename(file))
  return Object.entries(document.paths as Contained).flatMap(([path, item]) => {
    const all = item as Contained
    return methods
      .filter(method => all[method] !== undefined)
      .map(method => operationOf(reader, path, method, all[method] as Json, (all.parameters ?? []) as Json[]))
  })
}

/** One file's schemas, compiled when they are first asked for. */
type Reader = {
  document: Json
  resolve(node: Json): Json
  /** Violations of a value; a value out of a query, a path or a header is read as text first. */
  check(schema: Json, value: unknown, fromText?: boolean): string[]
}

function readerOf(document: Json, id: string): Reader {
  const [strict, lenient] = [validator(document, id), validator(document, id, true)]
  const compiled = new Map<Json, ValidateFunction>()
  const resolve = (node: Json): Json => {
    if (typeof node.$ref !== 'string') return node
    return resolve(
      node.$ref
        .slice(2)
        .split('/')
        .reduce((at: unknown, step) => (at as Contained)[step], document) as Json,
    )
  }
  const check: Reader['check'] = (schema, value, fromText = false) => {
    const validate = compiled.get(schema) ?? (fromText ? lenient : strict).compile(closed({ value: schema }, id))
    compiled.set(schema, validate)
    if (validate({ value })) return []
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const name = params.additionalProperty ?? params.missingProperty
      const what = params.additionalProperty === undefined ? message : 'is not described:'
      return `${instancePath.slice('/value'.length) || '/'} ${what}${params.missingProperty || name === undefined ? '' : ` ${name}`}`
    })
  }
  return { document, resolve, check }
}

function validator(document: Json, id: string, coerceTypes = false): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes, logger: false })
  addFormats.default(ajv)
  for (const format of ['uint32', 'uint64']) {
    ajv.addFormat(format, { type: 'number', validate: (value: number) => Number.isInteger(value) && value >= 0 })
  }
  const schemas = (document.components as Json | undefined)?.schemas ?? {}
  ajv.addSchema({ $id: id, ...closed(schemas as Contained, id) })
  return ajv
}

function operationOf(reader: Reader, path: string, method: string, operation: Json, shared: Json[]): Operation {
  const parameters = [...shared, ...((operation.parameters ?? []) as Json[])].map(reader.resolve)
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(match => match[1]!)
  const pattern = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '([^/]+)')}$`)
  return {
    name: `${method.toUpperCase()} ${path}`,
    matches(asked) {
      const found = pattern.exec(asked)
      return found ? Object.fromEntries(names.map((name, at) => [name, found[at + 1]])) : undefined
    },
    request: (asked, inPath) => [
      ...parameterViolations(reader, parameters, asked, inPath),
      ...securityViolations(reader, operation, asked),
      ...bodyViolations(reader, operation, asked),
    ],
    answer: answered => answerViolations(reader, operation, answered),
  }
}

function parameterViolations({ check }: Reader, parameters: Json[], asked: Asked, inPath: Contained): string[] {
  const given: Record<string, Contained> = { query: asked.query ?? {}, header: lower(asked.headers), path: inPath }
  const known = new Set(parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name))
  const unknown = Object.keys(given.query!).filter(name => !known.has(name))
  return [
    ...unknown.map(name => `query parameter ${name} is not described`),
    ...parameters.flatMap(({ in: place, name, required, schema }) => {
      const value = given[place as string]?.[place === 'header' ? (name as string).toLowerCase() : (name as string)]
      if (value === undefined) return required ? [`${place} parameter ${name} is missing`] : []
      return check(schema as Json, value, true).map(violation => `${place} parameter ${name} ${violation}`)
    }),
  ]
}

/** The header of an API key that the description asks for; which of several is enough. */
function securityViolations({ document }: Reader, operation: Json, { headers }: Asked): string[] {
  const wanted = (operation.security ?? document.security ?? []) as Contained[]
  const schemes = ((document.components as Json | undefined)?.securitySchemes ?? {}) as Record<string, Json>
  const names = wanted
    .flatMap(one => Object.keys(one))
    .flatMap(scheme => {
      const { in: place, name } = schemes[scheme] ?? {}
      return place === 'header' ? [String(name)] : []
    })
  if (names.length === 0 || names.some(name => lower(headers)[name.toLowerCase()] !== undefined)) return []
  return [`header ${names.join(' or ')} is missing`]
}

function bodyViolations(reader: Reader, operation: Json, { body }: Asked): string[] {
  const described = operation.requestBody as Json | undefined
  if (described === undefined) return body === undefined ? [] : ['request body is not described']
  const { required, content } = reader.resolve(described)
  if (body === undefined) return required ? ['request body is missing'] : []
  const schema = (content as Contained)['application/json'] as Json
  return reader.check(schema.schema as Json, body).map(violation => `request body ${violation}`)
}

function answerViolations(reader: Reader, operation: Json, { status, headers, body }: Answered): string[] {
  const responses = operation.responses as Record<string, Json>
  const described = responses[status] ?? responses.default
  if (described === undefined) return [`status ${status} is not described`]
  const content = reader.resolve(described).content as Record<string, Json> | undefined
  if (content === undefined) return body === undefined ? [] : [`status ${status} is described without a body`]
  const type = mediaType(lower(headers)['content-type'] as string | undefined)
  const found = Object.entries(content).filter(([name]) => type === undefined || mediaType(name) === type)
  if (found.length === 0) return [`status ${status} is not described as ${type}`]
  const violations = found.map(([, { schema }]) => reader.check((schema ?? {}) as Json, body))
  return violations.toSorted((a, b) => a.length - b.length)[0]!.map(violation => `${status} ${violation}`)
}

function mediaType(header: string | undefined): string | undefined {
  return header?.replace(/;.*/s, '').trim().toLowerCase()
}

function lower(headers: Readonly<Record<string, string>> = {}): Contained {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
