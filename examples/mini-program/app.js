import { connect } from './parlance.js'

App({ parlance: connect() })
