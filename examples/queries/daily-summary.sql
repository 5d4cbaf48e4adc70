-- A day of each symbol, made from its hourly candles. `hours` below 24 shows a day with a hole, or one not over yet.
select
  symbol,
  date_trunc('day', open_time) as day,
  (array_agg(open_price order by timestamp))[1] as open,
  max(high_price) as high,
  min(low_price) as low,
  (array_agg(close_price order by timestamp desc))[1] as close,
  sum(volume) as volume,
  count(*) as hours
from binance.candles
where interval = '1h'
group by symbol, day
order by symbol, day;
