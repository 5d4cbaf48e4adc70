import { join } from 'node:path'
import type { Component } from '../../db/migrations.ts'

/** The shared table of stock, its history and its log. */
export const inventoryComponent: Component = { name: 'inventory', folder: join(import.meta.dirname, 'migrations') }
