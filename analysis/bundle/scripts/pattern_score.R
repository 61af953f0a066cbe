# Sourced by analysis.R: computes the pattern score anew and holds it against pattern_score.csv.
#
# Each participant is scored by the muscles that the others show higher in the compared group, less those that they show higher
# in the reference. The interval is of the resamples in resamples.csv: with how often each participant is drawn as weights, the
# whole is done anew in each resample, a participant's copies left out together.

DECIMALS <- 10
LEAST_DEFINED <- 0.9  # of the resamples, or there is no interval

side_of <- function(compared, reference) {  # each a list of totals and counts: 1, 0 or -1
  difference <- compared$total / compared$n - reference$total / reference$n
  difference[compared$n <= 0 | reference$n <= 0] <- 0
  sign(round(difference, DECIMALS))
}
sums_of <- function(y, there, w) list(total = colSums(w * y), n = colSums(w * there))
held_out <- function(y, there, is_compared, w) {  # y: 0 where there is no score
  less <- function(whole, own) {  # participants in rows: the sums without each of them
    copies <- w * own
    list(total = rep(whole$total, each = nrow(y)) - copies * y, n = rep(whole$n, each = nrow(y)) - copies * there)
  }
  chosen <- side_of(less(sums_of(y, there, w * is_compared), is_compared), less(sums_of(y, there, w * !is_compared), !is_compared))
  mean_over <- function(is_in) ifelse(rowSums(is_in) > 0, rowSums(is_in * y) / rowSums(is_in * there), 0)
  scores <- mean_over(chosen == 1) - mean_over(chosen == -1)
  scores[rowSums(chosen != 0) == 0] <- NA
  round(scores, DECIMALS)
}
area_of <- function(scores, is_compared, w) {
  known <- !is.na(scores)
  a <- known & is_compared; b <- known & !is_compared
  pairs <- outer(w[a], w[b])
  if (sum(pairs) == 0) NA else sum(pairs * (sign(outer(scores[a], scores[b], "-")) + 1)) / 2 / sum(pairs)
}
pattern_score_anew <- function() {
  draws <- table_of("resamples.csv")
  times <- matrix(as.numeric(unlist(strsplit(draws$times, " "))), ncol = nrow(draws))
  group <- grades$group[match(draws$participant, grades$participant)]
  is_compared <- group == asked$compared
  stopifnot(setequal(draws$participant, grades$participant), rowSums(times) == nrow(draws),
            times %*% is_compared == sum(is_compared))
  means <- tapply(grades$score, list(factor(grades$participant, draws$participant), grades$muscle), mean)
  there <- !is.na(means)
  means[!there] <- 0
  once <- rep(1, nrow(means))
  scores <- held_out(means, there, is_compared, once)
  areas <- apply(times, 1, function(w) area_of(held_out(means, there, is_compared, w), is_compared, w))
  areas <- areas[!is.na(areas)]
  has_interval <- length(areas) >= LEAST_DEFINED * nrow(times) && diff(range(areas)) >= 1e-12
  ends <- if (has_interval) unname(quantile(areas, c(0.025, 0.975), type = 7)) else c(NA, NA)
  whole <- side_of(sums_of(means, there, is_compared), sums_of(means, there, !is_compared))
  data.frame(what = c("area", rep("muscle", ncol(means)), rep("participant", nrow(means))),
             name = c("", colnames(means), draws$participant), value = c(area_of(scores, is_compared, once), whole, scores),
             ci_low = c(ends[1], rep(NA, sum(dim(means)))), ci_high = c(ends[2], rep(NA, sum(dim(means)))))
}
pattern_score_differs <- function() {  # prints what differs, and returns how many rows do
  said <- table_of("pattern_score.csv")
  found <- pattern_score_anew()
  place <- match(paste(said$what, said$name), paste(found$what, found$name))
  wrong <- sapply(seq_along(place), function(row) is.na(place[row]) || any(sapply(c("value", "ci_low", "ci_high"), function(column)
    differs(column, found[[column]][place[row]], as.numeric(said[[column]][row])))))
  for (row in which(wrong)) cat("DIFFERS:", said$what[row], said$name[row], "\n")
  count <- sum(wrong) + nrow(found) - sum(seq_len(nrow(found)) %in% place)
  cat(sprintf("\npattern_score.csv: %d rows, %s computed anew\n", nrow(said), if (count) "not as" else "as"))
  count
}
