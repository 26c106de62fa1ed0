class V3__in_code {}
