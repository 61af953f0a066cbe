# Power and width of the interval of the group difference, simulated as simr does: scores are drawn, lme4 fits them,
# pbkrtest tests the difference by Kenward and Roger. Needs lme4, pbkrtest and jsonlite; takes some minutes.
#
#     Rscript tests/reference/planning.R > tests/reference/planning.json

suppressMessages({ library(lme4); library(pbkrtest); library(jsonlite) })

settings <- list(
  list(participants = 12, readers = 2, sides = 1, missing = 0, level = 1.5, difference = 1,
       participant = 0.7, reader = 0.2, side = 0, residual = 0.4),
  list(participants = 20, readers = 3, sides = 1, missing = 0.2, level = 0.8, difference = 0.6,
       participant = 0.6, reader = 0.2, side = 0, residual = 0.5),
  list(participants = 15, readers = 2, sides = 2, missing = 0, level = 1.2, difference = 0.7,
       participant = 0.5, reader = 0.1, side = 0.3, residual = 0.4)
)
data_sets <- 300

drawn <- function(s) {
  d <- expand.grid(participant = seq_len(2 * s$participants), side = seq_len(s$sides), reader = seq_len(s$readers))
  d$group <- as.numeric(d$participant > s$participants)
  a <- rnorm(2 * s$participants, sd = s$participant)
  b <- matrix(rnorm(2 * s$participants * s$sides, sd = s$side), ncol = s$sides)
  rho <- rnorm(s$readers, sd = s$reader)
  z <- s$level + s$difference * d$group + rho[d$reader] + a[d$participant] + b[cbind(d$participant, d$side)] +
    rnorm(nrow(d), sd = s$residual)
  d$score <- (z > 0.5) + (z > 1.5) + (z > 2.5)
  is_read <- matrix(runif(2 * s$participants * s$readers) >= s$missing, ncol = s$readers)
  d[is_read[cbind(d$participant, d$reader)], ]
}

# One adjusted covariance a fit: lmerTest's summary computes it anew for every coefficient.
judged <- function(s) {
  form <- if (s$sides > 1) score ~ group + factor(reader) + factor(side) + (1 | participant)
          else score ~ group + factor(reader) + (1 | participant)
  fit <- suppressMessages(lmer(form, drawn(s), control = lmerControl(calc.derivs = FALSE)))
  adjusted <- vcovAdj(fit)
  se <- sqrt(adjusted["group", "group"])
  df <- Lb_ddf(as.numeric(names(fixef(fit)) == "group"), vcov(fit), adjusted)
  c(p = 2 * pt(-abs(fixef(fit)[["group"]] / se), df), width = 2 * qt(0.975, df) * se)
}

set.seed(20250949)
answers <- lapply(settings, function(s) {
  found <- replicate(data_sets, judged(s))
  message(s$participants, " a group: ", mean(found["p", ] <= 0.05))
  list(setting = s, power = mean(found["p", ] <= 0.05), width = mean(found["width", ]),
       width_sd = sd(found["width", ]))
})
cat(toJSON(list(data_sets = data_sets, R = R.version.string, lme4 = as.character(packageVersion("lme4")),
                pbkrtest = as.character(packageVersion("pbkrtest")), answers = answers),
           auto_unbox = TRUE, digits = 8, pretty = TRUE), "\n", sep = "")
