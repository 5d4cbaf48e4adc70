import { expect, test } from 'vitest'
import type { Source } from '../core/source.ts'
import { vendor } from '../core/vendor.ts'
import { requestOf } from './question.ts'

const connector = vendor('acme', {}).connector({
  ...{ url: 'https://acme.example/v1/', hosts: { reports: 'https://reports.acme.example' } },
  ...{ streams: [], migrations: '' },
})
const settings = connector.options.parse({}) as { base_url: string }
const source = { connector, baseUrl: settings.base_url, settings } as unknown as Source
const { signal } = new AbortController()

test('a question goes to the usual host, to the one it names, or to an address of its own', () => {
  const urls = [{ path: '/orders' }, { path: '/orders', host: 'reports' }, { url: 'https://files.example/a.csv' }]
  expect(urls.map(ask => requestOf(source, ask, signal).url)).toEqual([
    'https://acme.example/v1/orders',
    'https://reports.acme.example/orders',
    'https://files.example/a.csv',
  ])
})

test('the settings say where a host answers, and a host that nobody has named is a fault of the connector', () => {
  const elsewhere = { ...source, settings: { ...settings, reports_url: 'http://127.0.0.1:8080' } }
  expect(requestOf(elsewhere, { path: '/orders', host: 'reports' }, signal).url).toBe('http://127.0.0.1:8080/orders')
  expect(() => requestOf(source, { path: '/orders', host: 'files' }, signal)).toThrow('acme has no host "files"')
})

test('the addresses of hosts are settings with variables', () => {
  expect(connector.options.shape.reports_url!.meta()).toMatchObject({ env: 'ACME_REPORTS_URL' })
})
