import type { Ask } from '../core/ask.ts'
import { hostOf, type Source } from '../core/source.ts'

/** The request that asks a question. `headers` are those that say whose it is; they go to the connector's own hosts only. */
export function requestOf(source: Source, ask: Ask, signal: AbortSignal): Request {
  const { json, form } = ask
  const body = json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form).toString() : undefined
  const headers = new Headers(ask.headers)
  if (!headers.has('accept')) headers.set('accept', accepted(ask))
  if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
  if (form) headers.set('content-type', 'application/x-www-form-urlencoded')
  const method = ask.method ?? (body === undefined ? 'GET' : 'POST')
  return new Request(urlOf(source, ask), { method, headers, signal, ...(body === undefined ? {} : { body }) })
}

function urlOf(source: Source, ask: Ask): string {
  const url = new URL(ask.url ?? hostOf(source, ask.host).replace(/\/$/, '') + ask.path)
  for (const [name, value] of Object.entries(ask.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url.href
}

function accepted({ format }: Ask): string {
  return format === undefined || format.kind === 'json' ? 'application/json' : '*/*'
}
