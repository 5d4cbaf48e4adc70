/** What a row of the product report holds, as it is written; the numbers are text, and empty where they are unknown. */
export type Cells = {
  offer: string
  product: string
  sku: string
  quant: string
  barcode: string
  name: string
  content: string
  brand: string
  state: string
  reviews: string
  rating: string
  visible: string
  hidden: string
  created: string
  category: string
  volume: string
  weight: string
  fbo: string
  labelling: string
  fboReserved: string
  fbs: string
  rfbs: string
  ownReserved: string
  price: string
  fullPrice: string
  nothing: string
  vat: string
}
