import { expect, onTestFinished, test } from 'vitest'
import { conceal } from './conceal.ts'
import { hideInJson, hideSecrets, keepLogin, keepSecret } from './secret.ts'

test.each([
  ['call +7 999 123-45-67 now', 'call *** now'],
  ['call +7(999)123-45-67.', 'call ***.'],
  ['+79991234567', '***'],
  ['79991234567', '***'],
  ['buyer 89991234567, paid', 'buyer ***, paid'],
  ['8 (495) 123-45-67', '***'],
  ['8 999 123 45 67', '***'],
  ['8-800-555-35-35', '***'],
  ['(999) 123-45-67', '***'],
  ['tel:+48 600 700 800', 'tel:***'],
  ['+48600700800', '***'],
  ['+86 138 1234 5678', '***'],
  ['+376 123 456', '***'],
  ['?phone=%2B7%20999%20123-45-67&a=1', '?phone=***&a=1'],
  ['{"phone":"600700800","name":"x"}', '{"phone":"***","name":"x"}'],
  [String.raw`"{\"phoneNumber\": \"600 700 800\"}"`, String.raw`"{\"phoneNumber\": \"***\"}"`],
  [String.raw`{"text":"line\n89991234567"}`, String.raw`{"text":"line\n***"}`],
  ['%2089991234567', '%20***'],
  ['mail ivan.petrov+a@mail.example.ru, please', 'mail ***, please'],
  ['<anna@sklep.pl>', '<***>'],
  ['?email=anna%40sklep.pl&b=2', '?email=***&b=2'],
  ['иван@почта.рф', '***'],
  ['of anna@sklep.pl and ivan@mail.ru', 'of *** and ***'],
])('personal data is hidden: %s', (text, shown) => {
  expect(conceal(text)).toBe(shown)
})

test.each([
  ['an epoch in ms', 'startTime=1741564800000&endTime=1741568399999'],
  ['an epoch in s, in µs, in ns', '1741564800 1741564800000000 1741564800000000000'],
  ['an instant', '2026-11-22T03:00:00Z 2026-11-22T03:00:00.123+03:00 2026-11-22 03:00:00+00'],
  ['an instant as logs of web servers have it', '[22/Nov/2026:03:00:00 +0300] 12345678'],
  ['a stretch of time', '2025-03-10 02:00:00 to 2025-03-10 03:00:00: the vendor sent nothing'],
  ['prices', '0.00000001 79123456789.12345678 89,991,234,567 +12345678.90123456 -79991234567.5 1e+123456789'],
  ['counts', 'Progress: 45.2% (112,500 / 250,000 records) | Speed: 500 records/min'],
  [
    'ids of eight to twelve digits',
    'nmId 123456789, chrt 12345678, offer 17234567890, sku 1234567890, id 891234567890',
  ],
  ['an id with a sign of its own', 'SKU-89991234567 id_79991234567 A89991234567'],
  ['barcodes', '2000123456789 4600123456789'],
  ['orders', '89991234567-0001-1 12345678-0001-1 33333333-1'],
  ['a UUID', '79991234-5678-4abc-8999-123456789012 89991234-1234-1234-1234-899912345678'],
  ['a digest', 'sha256-+79991234567/89991234567aB='],
  ['addresses and ports', '10.0.0.7:5432 192.168.178.123:65535 8.8.8.8:53 [::1]:5432'],
  ['a version of a package', 'at work (/app/node_modules/pg-boss@12.35.0/index.js:89:99)'],
  ['a package with a scope', '/app/node_modules/@redis/client/index.js'],
  ['a stream of a vendor', 'btcusdt@kline_1m btcusdt@depth5@100ms'],
  ['a model of an address', 'must read postgres://user:password@host:5432/name'],
  ['a part', 'acme/main orders 8/495: success, 8 records (7 new, 1 changed)'],
  ['a run of a bucket', 'throttled until 14:32:10 UTC: bucket acme/weight/default: 429'],
])('%s stays as it is', (_, text) => {
  expect(conceal(text)).toBe(text)
})

/** A secret that is known until the test has ended. */
function know(end: () => void): void {
  onTestFinished(end)
}

test('a secret that was handed over is hidden in all its spellings, and no longer when it is given back', () => {
  const secret = 'pä+ss/w "o" rd'
  const end = keepSecret(secret)
  const form = new URLSearchParams({ q: secret }).toString()
  for (const text of [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret), form]) {
    expect(conceal(`you sent ${text}!`)).toMatch(/^you sent "?(q=)?\*\*\*"?!$/)
  }
  expect(conceal(encodeURIComponent(secret).replace(/%../g, each => each.toLowerCase()))).toBe('***')
  end()
  expect(conceal(secret)).toBe(secret)
})

test('a login is hidden as HTTP sends it', () => {
  know(keepLogin('anna', 'hunter2222'))
  expect(conceal('Authorization: Basic YW5uYTpodW50ZXIyMjIy')).toBe('Authorization: Basic ***')
  expect(conceal('anna:hunter2222@host')).toBe('anna:***@host')
})

test('a secret that begins like another does not leave the end of the longer one', () => {
  know(keepSecret('hunter22'))
  know(keepSecret('hunter22-and-more'))
  expect(hideSecrets('hunter22-and-more, hunter22')).toBe('***, ***')
})

test('a short secret is hidden where it stands by itself, a very short one not at all', () => {
  know(keepSecret('moon'))
  know(keepSecret('abc'))
  expect(hideSecrets('moon, moonlight, "moon" and abc')).toBe('***, moonlight, "***" and abc')
})

test('a record without its secrets is JSON still', () => {
  know(keepSecret('1234567890'))
  know(keepSecret('say "please"'))
  const record = JSON.stringify({ id: 1234567890, echo: 'got 1234567890', said: ['say "please"', '\\'] })
  expect(JSON.parse(hideInJson(record))).toEqual({ id: 1234567890, echo: 'got ***', said: ['***', '\\'] })
})

test.each(['a', '7', '+7 (', 'a.', 'a@b.', '%40'])('a long text of nothing but %s is read to its end', piece => {
  const text = piece.repeat(500_000 / piece.length)
  expect(conceal(`${text} `).endsWith(' ')).toBe(true)
})
