import { registerHooks } from 'node:module'
import { extname } from 'node:path'

/** What a connector's file may import of Sluice, and the file below `src` (compiled: below `dist`) that it is. */
const faces: Readonly<Record<string, string>> = { sluice: 'index', 'sluice/testing': 'testing/index' }

/** Source and compiled files differ by it. */
const extension = extname(import.meta.filename)

let isOffered = false

/**
 * From here on `import … from 'sluice'` is this very program, in whatever file of this process it stands: a connector of
 * the user's own has the classes by which the engine tells failures apart, and the one zod, whether Sluice was installed
 * beside it, elsewhere, or not at all. Its TypeScript is read as ES modules, whatever the package.json around it says.
 */
export function offerFace(): void {
  if (isOffered) return
  isOffered = true
  registerHooks({
    resolve: (specifier, context, next) => {
      const face = faces[specifier]
      if (face) return { url: new URL(`../${face}${extension}`, import.meta.url).href, shortCircuit: true }
      const found = next(specifier, context)
      return isOwnTypeScript(found.url) ? { ...found, format: 'module-typescript' } : found
    },
  })
}

/** Node reads no TypeScript below node_modules. */
function isOwnTypeScript(url: string): boolean {
  return /^file:.*\.ts$/.test(url) && !url.includes('/node_modules/')
}
