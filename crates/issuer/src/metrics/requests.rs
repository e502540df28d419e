use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use http::StatusCode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::labels::{Class, Verb};

type Labels = [(&'static str, Cow<'static, str>); 3];
type Durations = Family<Labels, Histogram, fn() -> Histogram>;

/// Requests by route, method and class of status: how many, and how long each took.
///
/// A series comes into being with its first request. What a request pays for is a look-up of its
/// route in a map that is never locked.
#[derive(Debug)]
pub(crate) struct Requests {
    durations: Durations,
    under_way: Gauge,
    routes: ArcSwap<HashMap<Box<str>, Arc<Route>>>,
}

/// The series of one route.
#[derive(Debug)]
pub(crate) struct Route {
    durations: Durations,
    under_way: Gauge,
    template: Box<str>,
    series: [[OnceLock<Histogram>; Class::ALL.len()]; Verb::ALL.len()],
}

/// In seconds: from what a look-up in memory takes to what nobody waits for.
const BUCKETS: [f64; 15] = [
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0,
    2.5, 10.0,
];

pub(super) fn durations() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Requests {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let durations = Durations::new_with_constructor(durations);
        registry.register_with_unit(
            "request_duration",
            "Requests by endpoint, method and class of status",
            Unit::Seconds,
            durations.clone(),
        );
        let under_way = Gauge::default();
        registry.register(
            "requests_under_way",
            "Requests that wait for their answer",
            under_way.clone(),
        );
        Self {
            durations,
            under_way,
            routes: ArcSwap::default(),
        }
    }

    /// The series of a route, named by its template: only the program makes those.
    pub(crate) fn route(&self, template: &str) -> Arc<Route> {
        if let Some(route) = self.routes.load().get(template) {
            return Arc::clone(route);
        }
        let route = Arc::new(Route {
            durations: self.durations.clone(),
            under_way: self.under_way.clone(),
            template: template.into(),
            series: Default::default(),
        });
        self.routes.rcu(|routes| {
            let mut routes = HashMap::clone(routes);
            routes
                .entry(template.into())
                .or_insert_with(|| Arc::clone(&route));
            routes
        });
        // Whoever was first: both write to the same series.
        route
    }
}

impl Route {
    pub(crate) fn template(&self) -> &str {
        &self.template
    }

    /// A request begins. Each ends once.
    pub(crate) fn began(&self) {
        self.under_way.inc();
    }

    /// It was answered, or its caller was gone before.
    pub(crate) fn ended(&self, verb: Verb, status: Option<StatusCode>, took: Duration) {
        self.under_way.dec();
        let class = Class::from(status);
        let series = self.series.get(verb as usize);
        if let Some(series) = series.and_then(|classes| classes.get(class as usize)) {
            series
                .get_or_init(|| {
                    self.durations
                        .get_or_create_owned(&self.labels(verb, class))
                })
                .observe(took.as_secs_f64());
        }
    }

    fn labels(&self, verb: Verb, class: Class) -> Labels {
        [
            ("endpoint", Cow::Owned(self.template.to_string())),
            ("method", verb.as_str().into()),
            ("status", class.as_str().into()),
        ]
    }
}
