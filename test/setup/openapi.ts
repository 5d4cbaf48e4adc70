/** A node of a description, and a map whose keys are names of the vendor's. */
export type Json = { [keyword: string]: unknown }
export type Contained = { [name: string]: unknown }

/**
 * Schemas of OpenAPI 3.0, by name, as a JSON schema of an object with these properties: null where it is allowed, and
 * nothing beside what is described. References into `components/schemas` lead to the properties of the schema `id`.
 */
export function closed(schemas: Contained, id: string): Json {
  return { type: 'object', properties: mapped(schemas, schema => schemaOf(schema as Json, id)) }
}

/** Keywords whose value is a schema, a list of them, or a map of them. */
const single = ['items', 'not']
const lists = ['oneOf', 'anyOf', 'allOf']

function schemaOf(schema: Json, id: string): Json {
  if (typeof schema.$ref === 'string') {
    return { $ref: `${id}#/properties/${schema.$ref.slice('#/components/schemas/'.length)}` }
  }
  const { nullable, example, examples, discriminator, required, enum: values, maximum, ...rest } = schema
  const read: Json = mapped(rest, (value, keyword) => {
    if (single.includes(keyword)) return schemaOf(value as Json, id)
    if (lists.includes(keyword)) return (value as Json[]).map(one => schemaOf(one, id))
    if (keyword === 'properties') return mapped(value as Contained, one => schemaOf(one as Json, id))
    return value
  })
  return nullableOf({ ...read, ...mended(schema), ...closing(read, id) }, nullable === true)
}

/**
 * What the descriptions write in a way of their own: `required` as a boolean and `enum` without values say nothing, and
 * the maximum of a list is that of its length; an id of 64 bits in a string is made of digits.
 */
function mended({ type, format, required, enum: values, maximum }: Json): Json {
  return {
    ...(Array.isArray(required) ? { required } : {}),
    ...(Array.isArray(values) ? { enum: values } : {}),
    ...(maximum === undefined ? {} : { [type === 'array' ? 'maxItems' : 'maximum']: maximum }),
    ...(type === 'string' && format === 'int64' ? { pattern: '^-?[0-9]+$' } : {}),
  }
}

function closing({ properties, additionalProperties, allOf }: Json, id: string): Json {
  if (typeof additionalProperties === 'object')
    return { additionalProperties: schemaOf(additionalProperties as Json, id) }
  return properties !== undefined && additionalProperties === undefined && allOf === undefined
    ? { additionalProperties: false }
    : {}
}

function nullableOf(schema: Json, nullable: boolean): Json {
  if (!nullable) return schema
  return { anyOf: [{ type: 'null' }, schema] }
}

function mapped(map: Contained, change: (value: unknown, name: string) => unknown): Contained {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value, name)]))
}
