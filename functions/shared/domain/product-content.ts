import * as z from 'zod';
import { characters, mustHaveTitles } from './content-fields.ts';
import { body, footer } from './interactive-content.ts';

/** The business's own id of a product (`retailer_id`, content id) in the catalog. */
const ProductId = characters(256);
const catalogId = characters(64);

/** One product of the catalog that is connected to the number. */
export const Product = z
  .strictObject({ type: z.literal('product'), body: body.optional(), footer, catalogId, productId: ProductId })
  .meta({ id: 'ProductContent' });

const Section = z.strictObject({
  title: characters(24).optional(),
  productIds: z.array(ProductId).min(1, 'needs at least one product'),
});

export const ProductList = z
  .strictObject({
    type: z.literal('product_list'),
    header: characters(60),
    body,
    footer,
    catalogId,
    sections: z
      .array(Section)
      .min(1)
      .max(10, 'has more than 10 sections, the most that WhatsApp allows')
      .superRefine((sections, context) => {
        const { length } = sections.flatMap(({ productIds }) => productIds);
        if (length > 30)
          context.addIssue({ code: 'custom', message: `have ${length} products in all, WhatsApp allows at most 30` });
        mustHaveTitles(sections, context);
      }),
  })
  .meta({ id: 'ProductListContent' });
