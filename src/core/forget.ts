/**
 * The record without the named fields: `buyer.phone` is that of its buyer, or of each of them where `buyer` is a list. What
 * is given is left as it is.
 */
export function forget(record: unknown, fields: readonly string[]): unknown {
  return fields.reduce((rest, field) => without(rest, field.split('.')), record)
}

function without(value: unknown, [name, ...inner]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map(each => without(each, [name!, ...inner]))
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name!)) return value
  const { [name!]: held, ...rest } = value as Record<string, unknown>
  return inner.length === 0 ? rest : { ...value, [name!]: without(held, inner) }
}
