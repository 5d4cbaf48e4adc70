import { posix } from 'node:path'
import { circles } from './circles.ts'
import type { File, House, Place } from './house.ts'

/** A rule of the house and what breaks it: one line for each breach, with its place. */
export type Law = { name: string; breaches(house: House): string[] }

/** The rooms of a floor may use what lies on the floors below; sim stands beside them. */
const floors: readonly (readonly string[])[] = [
  ['core'],
  ['http', 'db', 'redis', 'models', 'connectors'],
  ['engine', 'api'],
  ['app'],
  ['cli', 'testing'],
]

/** What authors of connectors import of the house: a file that stands on no floor, and shows core alone. */
const face = 'src/index.ts'

/** Rooms of one floor that may use each other all the same. */
const neighbours: Readonly<Record<string, readonly string[]>> = { models: ['db'], redis: ['db'] }

/** The app hands connectors in. */
const unseen: Readonly<Record<string, readonly string[]>> = { engine: ['connectors'], api: ['connectors'] }

/** Packages that one file alone may know. */
const lonely = ['undici', 'pg-boss', 'ioredis', 'redis']

/** What the words and rules may be made with. */
const ofCore = ['zod', 'big.js']

/** Where SQL may be written. */
const sqlRooms = ['db', 'models']

/** Rooms that have never heard of a vendor. */
const neutral = ['core', 'engine', 'api', 'db', 'http']
const vendors = /binance|wildberries|\bwb\b|ozon|allegro|che168|autohome/i

const vague = /^(utils?|helpers?|commons?|libs?|types?|interfaces?|managers?|services?|base)$/
const longest = 250

export const laws: readonly Law[] = [
  law('every file in src belongs to a room that has its floor', ({ files }) =>
    files.map(pathOf).filter(path => path.startsWith('src/') && floorOf(path) === 0 && !isBeside(path)),
  ),
  law('the face for authors of connectors shows core and zod, and nobody in the house looks at it', house =>
    imports(house)
      .filter(({ file, text }) => (file.path === face ? !isShown(text) : text === face && file.path.startsWith('src/')))
      .map(told),
  ),
  law('imports run downwards only', house => imports(house).filter(isUpwards).map(told)),
  law('rooms of one floor do not import each other', house => imports(house).filter(isSideways).map(told)),
  law('a vendor is known to the list of connectors only, and engine and api know no connector', house =>
    imports(house).filter(isTooCurious).map(told),
  ),
  law('connectors import core and their own folder, and nothing else of the house', house =>
    imports(house).filter(isBeyondConnector).map(told),
  ),
  law('sim imports nothing of the house, and only demo, tests and benchmarks import sim', house =>
    imports(house).filter(isAcrossToSim).map(told),
  ),
  law('core is made of zod and big.js alone', house =>
    imports(house)
      .filter(({ file, text }) => roomOf(file.path) === 'core' && !isOfHouse(text) && !ofCore.includes(text))
      .map(told),
  ),
  law('core and connectors have no clock, no timer and no network', house =>
    placesIn(house, ['core', 'connectors'], ({ calls }) => calls.filter(({ text }) => clockOrWire.test(text))),
  ),
  law('no files import each other in a circle', ({ files }) => circles(files)),
  law('one file knows the queue library, one the HTTP library, one the Redis client', oneKnows),
  law('SQL is written in db and models only', house =>
    placesIn(house, roomsBut(sqlRooms), ({ strings }) => strings.filter(({ text }) => isSql(text))),
  ),
  law('core, engine, api, db and http name no vendor', namesOfVendors),
  law('a file and a folder bear the name of what they hold', ({ files }) =>
    files.map(pathOf).filter(path => words(path).some(word => vague.test(word))),
  ),
  law('in src a name is one lower-case word', ({ files }) =>
    files.map(pathOf).filter(path => path.startsWith('src/') && !plain.test(path)),
  ),
  law('nothing is exported as default', ({ files }) =>
    files.filter(file => file.hasDefaultExport && !file.isTest && !file.path.endsWith('.config.ts')).map(pathOf),
  ),
  law(`no file is longer than ${longest} lines, tests aside`, ({ files }) =>
    files.filter(file => !file.isTest && linesOf(file) > longest).map(file => `${file.path} has ${linesOf(file)}`),
  ),
]

function law(name: string, breaches: Law['breaches']): Law {
  return { name, breaches }
}

/** An import of one file. `text` is a path of the house, or a package. */
type Import = Place & { file: File }

/** The imports of everything but tests. */
function imports({ files }: House): Import[] {
  return files.filter(({ isTest }) => !isTest).flatMap(file => file.imports.map(place => ({ ...place, file })))
}

function told({ file, line, text }: Import): string {
  return `${file.path}:${line} imports ${text}`
}

function isOfHouse(target: string): boolean {
  return target.includes('/') && posix.extname(target) !== '' && !target.includes(':')
}

/** The room of a path below src: `src/db/embedded/open.ts` is in db. */
function roomOf(path: string): string {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? ''
}

/** 0 for what belongs to no floor. */
function floorOf(path: string): number {
  return floors.findIndex(rooms => rooms.includes(roomOf(path))) + 1
}

function isBeside(path: string): boolean {
  return roomOf(path) === 'sim' || path === face
}

function isShown(target: string): boolean {
  return roomOf(target) === 'core' || target === 'zod'
}

function isUpwards({ file, text }: Import): boolean {
  return floorOf(file.path) > 0 && floorOf(text) > floorOf(file.path)
}

function isSideways({ file, text }: Import): boolean {
  const [here, there] = [roomOf(file.path), roomOf(text)]
  const same = floorOf(file.path) > 0 && floorOf(file.path) === floorOf(text)
  return same && here !== there && !neighbours[here]?.includes(there)
}

function isTooCurious({ file, text }: Import): boolean {
  const vendor = vendorOf(text)
  const allowed = file.path === 'src/connectors/index.ts' || (vendor !== '' && vendorOf(file.path) === vendor)
  return unseen[roomOf(file.path)]?.includes(roomOf(text)) || (vendor !== '' && !allowed)
}

/** The folder of a vendor's connector. */
function vendorOf(path: string): string {
  return /^src\/connectors\/([^/]+)\//.exec(path)?.[1] ?? ''
}

function isBeyondConnector({ file, text }: Import): boolean {
  return vendorOf(file.path) !== '' && roomOf(text) !== '' && roomOf(text) !== 'core' && roomOf(text) !== 'connectors'
}

function isAcrossToSim({ file, text }: Import): boolean {
  const [here, there] = [roomOf(file.path), roomOf(text)]
  if (here === 'sim') return there !== '' && there !== 'sim'
  return there === 'sim' && here !== '' && !knowSim.includes(file.path)
}

/** The demo, and the kit that authors of connectors test with. */
const knowSim = ['src/cli/worlds.ts', 'src/testing/index.ts']

const clockOrWire = /^(Date\.now\(|new Date\(\)|performance\.now\(|set(Timeout|Interval|Immediate)\(|fetch\()/

function oneKnows(house: House): string[] {
  return lonely.flatMap(name => {
    const known = imports(house).filter(({ text }) => text === name || text.startsWith(`${name}/`))
    return new Set(known.map(({ file }) => file)).size > 1 ? known.map(told) : []
  })
}

function roomsBut(rooms: readonly string[]): string[] {
  return [...floors.flat(), 'sim'].filter(room => !rooms.includes(room))
}

function placesIn({ files }: House, rooms: readonly string[], find: (file: File) => Place[]): string[] {
  return files
    .filter(file => !file.isTest && rooms.includes(roomOf(file.path)))
    .flatMap(file => find(file).map(({ line, text }) => `${file.path}:${line} ${text.trim().slice(0, 60)}`))
}

/** How statements begin, and the clauses that nothing else has. */
const statement = new RegExp(
  [
    String.raw`^\s*select\s+(\d|\*|distinct\b|[\w.]+\(|[^]*\sfrom\s)`,
    String.raw`^\s*(insert\s+into|delete\s+from|merge\s+into|lock\s+table|truncate(\s+table)?)\s+[\w."$]`,
    String.raw`^\s*update\s+\S+(\s+(as\s+)?\w+)?\s+set\s+\S+\s*=`,
    String.raw`^\s*(create|alter|drop)\s+(or\s+replace\s+|unique\s+)?(table|view|index|schema|database|function|role|type|sequence|extension)\s`,
    String.raw`^\s*with\s+\w+\s+as\s*\(`,
    String.raw`^\s*(set\s+(local|session|transaction)|listen|notify|copy)\s+\w`,
    String.raw`\bwhere\s[^]*=\s*\$`,
    String.raw`\border\s+by\s+\w+(\s+(asc|desc))?\s*$`,
  ].join('|'),
)

/** SQL is written in lower case, or shouted; a sentence that begins with Select is none. */
function isSql(text: string): boolean {
  return statement.test(text) || (/^\s*[A-Z]{4,}\s/.test(text) && statement.test(text.toLowerCase()))
}

/** In code, in comments, in names of files and in SQL: an example can be had without a vendor. */
function namesOfVendors({ files, sql }: House): string[] {
  const all = [...files.filter(({ isTest }) => !isTest), ...sql]
  return all
    .filter(({ path }) => neutral.includes(roomOf(path)))
    .flatMap(({ path, text }) => [
      ...(vendors.test(path) ? [path] : []),
      ...text.split('\n').flatMap((line, at) => (vendors.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
    ])
}

function words(path: string): string[] {
  return path.replace(/\.ts$/, '').split(/[/._-]/)
}

const plain = /^src(\/[a-z][a-z0-9]*)+(\.test)?\.ts$/

function pathOf({ path }: File): string {
  return path
}

function linesOf({ text }: File): number {
  return text.trimEnd().split('\n').length
}
