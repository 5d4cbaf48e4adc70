/**
 * The record without the named fields: `buyer.phone` is that of its buyer, or of each of them where `buyer` is a list; a field
 * whose own name has dots (columns of CSV do: `Tel. no.`) is meant, too. What is given is left as it is.
 */
export function forget(record: unknown, fields: readonly string[]): unknown {
  return fields.reduce((rest, field) => without(rest, field.split('.')), record)
}

function without(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map(each => without(each, path))
  if (typeof value !== 'object' || value === null) return value
  const { [path.join('.')]: _, ...rest } = value as Record<string, unknown>
  const [name, ...inner] = path
  return inner.length > 0 && Object.hasOwn(rest, name!) ? { ...rest, [name!]: without(rest[name!], inner) } : rest
}
