/** A value inside of another, and the way to it. */
export type Leaf = { path: readonly (string | number)[]; value: unknown }

/** Everything inside of a value that holds nothing itself, in its order. */
export function leavesOf(value: unknown, path: Leaf['path'] = []): Leaf[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [{ path, value }]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
}

/** The way to everything inside of a value, what holds other things included, down to a depth; lists are not entered. */
export function fieldsOf(value: unknown, depth: number, path: Leaf['path'] = []): Leaf['path'][] {
  if (typeof value !== 'object' || value === null || depth === 0 || value instanceof Date) return []
  if (Array.isArray(value) && path.length > 0) return []
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([name, inner]) => [[...path, name], ...fieldsOf(inner, depth - 1, [...path, name])])
}

/** The same value with another one in a place of it; the place is taken out where that is undefined. */
export function replaced(value: unknown, [name, ...rest]: Leaf['path'], inner: unknown): unknown {
  if (name === undefined) return inner
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>
  const next = rest.length === 0 ? inner : replaced(copy[name], rest, inner)
  if (next !== undefined) copy[name] = next
  else if (Array.isArray(copy)) copy.splice(Number(name), 1)
  else delete copy[name]
  return copy
}

/** The same value, which nobody can change from here on. Only plain objects and lists are held fast. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) frozen(inner)
  return value
}
