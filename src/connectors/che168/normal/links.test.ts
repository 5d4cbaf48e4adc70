import { expect, test } from 'vitest'
import { imagesOf, urlOf } from './links.ts'
import { newNotes } from './notes.ts'

const picture = 'https://2sc2.autoimg.cn/escimg/auto/g31/M0B/14/B6/1024x768_c42_autohomecar__A.jpg.webp'

/** Pictures, flags. */
function made(value: unknown) {
  const notes = newNotes()
  return [imagesOf(value, notes), ...notes.flags]
}

test.each([
  [[picture, picture], [[picture]]],
  [JSON.stringify([picture]), [[picture]]],
  [picture, [[picture]]],
  [[picture.slice('https:'.length)], [[picture]]],
  [
    [picture, 'http://2sc2.autoimg.cn/a.jpg'],
    [[picture], 'images:foreign'],
  ],
  [
    [picture, 'https://autoimg.cn.evil.example/a.jpg'],
    [[picture], 'images:foreign'],
  ],
  [['javascript:alert(1)'], [undefined, 'images:foreign']],
  ['["https://2sc2.autoimg.cn/escimg/auto/g31/M0B', [undefined, 'images:unreadable']],
  ['[]', [undefined]],
  [[], [undefined]],
  [null, [undefined]],
  [
    [null, 7, {}, picture],
    [[picture], 'images:foreign', 'images:unreadable'],
  ],
  [[{ url: picture }], [undefined, 'images:unreadable']],
  [{ 0: picture }, [undefined, 'images:unreadable']],
  [5, [undefined, 'images:unreadable']],
  [`${picture},${picture}?1 | ${picture}?2`, [[picture, `${picture}?1`, `${picture}?2`]]],
  ['["https://2sc2.autoimg.cn/a\\u0000b.jpg"]', [['https://2sc2.autoimg.cn/ab.jpg']]],
])('%j are the pictures %j', (value, expected) => {
  expect(made(value)).toEqual(expected)
})

test('fifty pictures are kept, in their order', () => {
  const many = Array.from({ length: 60 }, (_, at) => `https://2sc2.autoimg.cn/${at}.jpg`)
  expect(made(many)[0]).toEqual(many.slice(0, 50))
})

test.each([
  ['https://www.che168.com/dealer/451591/50000001.html', 'https://www.che168.com/dealer/451591/50000001.html'],
  [
    'https://www.che168.com/dealer/451591/50000001.html?pvareaid=1#x',
    'https://www.che168.com/dealer/451591/50000001.html',
  ],
  ['https://m.che168.com/50000001.html', 'https://m.che168.com/50000001.html'],
])('the page %s is kept without its question', (url, expected) => {
  expect(urlOf(url, '50000001', newNotes())).toBe(expected)
})

test.each([
  'https://www.che168.com/dealer/451591/50000002.html',
  'https://che168.com.evil.example/50000001.html',
  'javascript:50000001.html',
  'https://www.che168.com/',
])('%s is no page of this advert', url => {
  const notes = newNotes()
  expect(urlOf(url, '50000001', notes)).toBeUndefined()
  expect([...notes.flags]).toEqual(['url:foreign'])
})
