import { globSync, readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast'
import {
  isCallExpression,
  isExportAssignment,
  isNewExpression,
  isStringLiteralLikeNode,
  isTemplateExpression,
} from 'typescript/unstable/ast/is'
import { API } from 'typescript/unstable/sync'

/** Something in a file, and the line it stands in. */
export type Place = { line: number; text: string }

/** A file of TypeScript as the laws see it. Paths are relative to the house, with slashes. */
export type File = {
  path: string
  text: string
  /** What it imports, in whatever way: a path of the house, or the specifier of a package or of a module of Node. */
  imports: Place[]
  /** Its texts, templates among them with an ellipsis where a value is put in. Import specifiers are none of them. */
  strings: Place[]
  /** Calls and constructions as they are written: `Date.now()`, `new Date()`. */
  calls: Place[]
  hasDefaultExport: boolean
  /** Tests, and what only they use. */
  isTest: boolean
}

/** The whole tree: files of TypeScript, and the SQL beside them. */
export type House = { files: File[]; sql: { path: string; text: string }[] }

/** Reads the house around a tsconfig.json with TypeScript's own parser. */
export function readHouse(root: string): House {
  const api = new API({ cwd: root })
  try {
    const config = join(root, 'tsconfig.json')
    const { rootFiles, program } = api.updateSnapshot({ openProjects: [config] }).getProject(config)!
    const files = rootFiles.map(path => readFile(slashed(relative(root, path)), program.getSourceFile(path)!))
    return { files: files.filter(({ path }) => !path.startsWith(brokenHouse)), sql: readSql(root) }
  } finally {
    api.close()
  }
}

/** The house that is kept to try the laws on, and breaks them all. */
export const brokenHouse = 'test/fixtures/floors/'

function readSql(root: string): House['sql'] {
  const paths = globSync('src/**/*.sql', { cwd: root })
  return paths.map(path => ({ path: slashed(path), text: readFileSync(join(root, path), 'utf8') }))
}

function readFile(path: string, source: SourceFile): File {
  const imports = source.imports.filter(isStringLiteralLikeNode)
  const file: File = {
    path,
    text: source.text,
    imports: imports.map(node => ({ line: lineOf(source, node), text: target(path, node.text) })),
    strings: [],
    calls: [],
    hasDefaultExport: false,
    isTest: /\.test\.ts$|^test\/|\/fixtures\//.test(path),
  }
  const specifiers = new Set(imports.map(node => node.getStart(source)))
  const visit = (node: Node) => {
    if (!specifiers.has(node.getStart(source)) || !isStringLiteralLikeNode(node)) look(file, source, node)
    node.forEachChild(visit)
  }
  source.forEachChild(visit)
  return file
}

function look(file: File, source: SourceFile, node: Node): void {
  const place = (text: string): Place => ({ line: lineOf(source, node), text })
  if (isStringLiteralLikeNode(node)) file.strings.push(place(node.text))
  if (isTemplateExpression(node)) {
    file.strings.push(place([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')))
  }
  if (isCallExpression(node) || isNewExpression(node)) file.calls.push(place(node.getText(source)))
  if (isExportAssignment(node) || node.kind === SyntaxKind.DefaultKeyword) file.hasDefaultExport = true
}

/** A path of the house for a relative specifier; any other specifier as it is. */
function target(importer: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : specifier
}

function lineOf({ text }: SourceFile, node: Node): number {
  return text.slice(0, node.getStart()).split('\n').length
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}
